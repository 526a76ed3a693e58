import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { oneHost, reportOfFailure, targetOf, testFolder, testNetwork } from './one-host.js';

/** Something that listens and is no SSH server. */
async function listener(serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function until(condition: () => boolean) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const marking = (file: string) => ['sh', ['-c', 'echo x >>"$1"; sleep 1000', 'sh', file]] as const;

describe('a connection that breaks', () => {
  it('is made anew for the next command', async () => {
    const { server, transport } = await oneHost();
    await transport.run('true', []);
    server.hangUp();
    await until(() => server.connections.size === 0);
    expect((await transport.run('echo', ['again'])).stdout).toBe('again\n');
    expect(server.accepted).toBe(2);
  });

  it('ends the command under way with what is not known, and does not send it again', async () => {
    const { server, transport } = await oneHost();
    const file = join(testFolder(), 'marks');
    const failing = reportOfFailure(transport.run(...marking(file)));
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
    server.hangUp();
    expect(await failing).toMatchObject({ code: 'HOST_CONNECTION_LOST', exit: 69 });
    expect(readFileSync(file, 'utf8')).toBe('x\n');
    expect(server.accepted).toBe(1);
  });

  it('is made anew under a command that only reads', async () => {
    let hungUp = 0;
    const { server, transport } = await oneHost({
      onCommand: (_line, channel) => {
        if (hungUp++ > 0) return false;
        channel.stderr.write('');
        server.hangUp();
        return true;
      },
    });
    expect((await transport.run('echo', ['read'], { readOnly: true })).stdout).toBe('read\n');
    expect(server.accepted).toBe(2);
  });

  it('is not tried for ever', async () => {
    const { server, transport } = await oneHost({
      onCommand: () => {
        server.hangUp();
        return true;
      },
    });
    expect((await reportOfFailure(transport.run('true', [], { readOnly: true }))).code).toBe(
      'HOST_CONNECTION_LOST',
    );
    expect(server.accepted).toBe(3);
  });

  it('leaves a file as it was when it breaks in the middle of it', async () => {
    const path = join(testFolder(), 'file');
    let command = 0;
    const { server, transport } = await oneHost({
      onCommand: (_line, channel) => {
        if (++command === 3)
          channel.on('data', (chunk: Buffer) => {
            if (chunk.includes('new new')) server.hangUp();
          });
        return false;
      },
    });
    await transport.writeFile(path, 'old', { mode: 0o600 });
    const failing = transport.writeFile(path, 'new '.repeat(500_000), { mode: 0o600 });
    expect((await reportOfFailure(failing)).code).toBe('HOST_CONNECTION_LOST');
    expect(await transport.readFile(path)).toBe('old');
  });

  it('is noticed when the host falls silent', async () => {
    const { server, transport } = await oneHost({}, {}, { keepaliveMs: 50 });
    await transport.run('true', []);
    const failing = reportOfFailure(transport.run('sleep', ['1000']));
    await until(() => server.commands.length === 2);
    for (const connection of server.connections) (connection as unknown as { _sock: Socket })._sock.pause();
    expect((await failing).message).toContain('it answers no more');
  });
});

describe('a host that is no good', () => {
  const patience = { stepMs: 200 };

  async function failure(port: number) {
    return reportOfFailure(testNetwork(patience).transport(targetOf({ port })).run('true', []));
  }

  it('is not there', async () => {
    expect(await failure(1)).toMatchObject({
      code: 'HOST_UNREACHABLE',
      message: 'no SSH connection to server1 (127.0.0.1:1): nothing listens on that port',
      next: 'ssh -p 1 127.0.0.1, to see the same without warren',
    });
  });

  it('accepts and never says a word', async () => {
    const { port, sockets } = await listener(() => {});
    expect((await failure(port)).message).toContain('it does not speak SSH: nothing of it came within 0.2 s');
    await until(() => sockets.size === 0);
  });

  it('says garbage, and goes on saying it', async () => {
    const { port, sockets } = await listener((socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write('garbage '.repeat(1000)));
      };
      socket.on('drain', more);
      more();
    });
    expect((await failure(port)).code).toBe('HOST_UNREACHABLE');
    await until(() => sockets.size === 0);
  });

  it('speaks another protocol', async () => {
    const { port } = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await failure(port)).code).toBe('HOST_UNREACHABLE');
  });

  it('gives its name and nothing more', async () => {
    const { port } = await listener((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    expect((await failure(port)).code).toBe('HOST_UNREACHABLE');
  });

  it('hangs up at once, three times', async () => {
    let accepted = 0;
    const { port } = await listener((socket) => {
      accepted += 1;
      socket.destroy();
    });
    expect((await failure(port)).code).toBe('HOST_UNREACHABLE');
    expect(accepted).toBe(3);
  });

  it('never answers a login', async () => {
    const { transport } = await oneHost({ authenticate: () => {} }, {}, patience);
    expect((await reportOfFailure(transport.run('true', []))).message).toContain(
      'no answer to the login came',
    );
  });

  it('closes the channel without an exit status', async () => {
    const { transport } = await oneHost({
      onCommand: (_line, channel) => {
        channel.end();
        channel.close();
        return true;
      },
    });
    expect(await reportOfFailure(transport.run('true', []))).toMatchObject({
      code: 'HOST_CONNECTION_LOST',
      message: expect.stringContaining('the host closed the channel without an exit status'),
    });
  });

  it('says that a command went well which it never ran', async () => {
    const { transport } = await oneHost({
      onCommand: (_line, channel) => {
        channel.write('This account is currently not available.\n');
        channel.exit(0);
        channel.end();
        channel.close();
        return true;
      },
    });
    expect(await reportOfFailure(transport.run('reboot', []))).toMatchObject({
      code: 'HOST_COMMAND_NOT_RUN',
      message: "server1 did not run 'reboot': This account is currently not available.",
    });
  });

  it('starts a command and never ends it, until its time is up', async () => {
    const { transport } = await oneHost({ onCommand: () => true });
    expect((await transport.run('true', [], { timeoutMs: 100 })).status).toBe(124);
  }, 20_000);

  it('prints before each command, which is not part of its output', async () => {
    const rc = "echo 'Welcome!'; echo 'to the host' >&2; ";
    const { transport } = await oneHost({ prefix: rc });
    expect(await transport.run('echo', ['mine'])).toEqual({ status: 0, stdout: 'mine\n', stderr: '' });
  });

  it('keeps the channel open for what the command left behind', async () => {
    const { transport } = await oneHost();
    const { status, stdout } = await transport.run('sh', ['-c', 'sleep 30 & echo started']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'started\n' });
  });
});

describe('many commands on one host', () => {
  it('share one connection and keep to its sessions', async () => {
    const { server, transport } = await oneHost();
    await Promise.all(Array.from({ length: 50 }, () => transport.run('true', [])));
    expect(server.accepted).toBe(1);
    expect(server.mostSessions).toBeLessThanOrEqual(8);
  });

  it('make do with fewer sessions where the host allows no more', async () => {
    const { server, transport } = await oneHost({ sessions: 2 });
    const all = Array.from({ length: 12 }, (_, at) => transport.run('echo', [`${at}`]));
    expect((await Promise.all(all)).map(({ stdout }) => Number(stdout))).toEqual(all.map((_, at) => at));
    expect(server.mostSessions).toBe(2);
  });
});

describe('closing', () => {
  it('ends what is under way and lets nothing start', async () => {
    const { server, network, transport } = await oneHost();
    const failing = reportOfFailure(transport.run('sleep', ['1000']));
    await until(() => server.commands.length === 1);
    await network.close();
    expect((await failing).code).toBe('HOST_CONNECTION_LOST');
    expect((await reportOfFailure(transport.run('true', []))).code).toBe('HOST_UNREACHABLE');
    await until(() => server.connections.size === 0);
  });

  it('ends connections that are still being made', async () => {
    const { port, sockets } = await listener(() => {});
    const network = testNetwork();
    const failing = reportOfFailure(network.transport(targetOf({ port })).run('true', []));
    await until(() => sockets.size === 1);
    await network.close();
    expect((await failing).code).toBe('HOST_UNREACHABLE');
    await until(() => sockets.size === 0);
  });
});
