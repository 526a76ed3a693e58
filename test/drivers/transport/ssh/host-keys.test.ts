import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utils } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { ed25519Pair } from '../ssh-keys.js';
import { hostKey } from '../ssh-server.js';
import { oneHost, reportOfFailure, targetOf, testFolder, testNetwork, testServer } from './one-host.js';

const publicKey = hostKey.public.split(' ').slice(0, 2).join(' ');

describe("a host's key", () => {
  it('is refused when it is not known, with its fingerprint, and nothing is written', async () => {
    const knownHosts = join(testFolder(), 'known_hosts');
    const { server, transport } = await oneHost({}, { knownHosts }, { acceptNew: false });
    const report = await reportOfFailure(transport.run('true', []));
    expect(report).toMatchObject({ code: 'HOST_KEY_UNKNOWN', exit: 77 });
    expect(report.message).toMatch(
      /^server1 \(127\.0\.0\.1:\d+\) is not known: its key ssh-ed25519 SHA256:[\w+/]{43} /,
    );
    expect(report.next).toContain('--accept-new');
    expect(existsSync(knownHosts)).toBe(false);
    expect(server.commands).toEqual([]);
  });

  it('is learnt with --accept-new, told, and known the next time', async () => {
    const knownHosts = join(testFolder(), 'ssh', 'known_hosts');
    const told: unknown[] = [];
    const { server, transport } = await oneHost({}, { knownHosts }, { accepted: (key) => told.push(key) });
    await transport.run('true', []);
    expect(readFileSync(knownHosts, 'utf8')).toBe(`[127.0.0.1]:${server.port} ${publicKey}\n`);
    expect(statSync(knownHosts).mode & 0o777).toBe(0o600);
    expect(told).toMatchObject([{ host: 'server1', type: 'ssh-ed25519', file: knownHosts }]);
    const again = testNetwork({ acceptNew: false }).transport(targetOf(server, { knownHosts }));
    expect((await again.run('true', [])).status).toBe(0);
  });

  it('is added behind a last line that was left unfinished', async () => {
    const knownHosts = join(testFolder(), 'known_hosts');
    writeFileSync(knownHosts, `other ${publicKey}`);
    const { server, transport } = await oneHost({}, { knownHosts });
    await transport.run('true', []);
    expect(readFileSync(knownHosts, 'utf8')).toBe(
      `other ${publicKey}\n[127.0.0.1]:${server.port} ${publicKey}\n`,
    );
  });

  it('is learnt once by connections side by side, and each line is whole', async () => {
    const knownHosts = join(testFolder(), 'known_hosts');
    const network = testNetwork();
    const servers = await Promise.all(Array.from({ length: 8 }, () => testServer()));
    const transports = [...servers, ...servers].map((server) =>
      network.transport(targetOf(server, { knownHosts })),
    );
    await Promise.all(transports.map((transport) => transport.run('true', [])));
    const lines = readFileSync(knownHosts, 'utf8').trimEnd().split('\n').sort();
    expect(lines).toEqual(servers.map(({ port }) => `[127.0.0.1]:${port} ${publicKey}`).sort());
  });

  it('is refused when it changed, with file and line, --accept-new or not, before any login', async () => {
    const knownHosts = join(testFolder(), 'known_hosts');
    let logins = 0;
    const server = await testServer({
      authenticate: (attempt) => {
        logins += 1;
        attempt.accept();
      },
    });
    const other = ed25519Pair().public.split(' ').slice(0, 2).join(' ');
    const text = `# mine\n[127.0.0.1]:${server.port} ${other}\n`;
    writeFileSync(knownHosts, text);
    for (const acceptNew of [true, false]) {
      const transport = testNetwork({ acceptNew }).transport(targetOf(server, { knownHosts }));
      const report = await reportOfFailure(transport.run('true', []));
      expect(report).toMatchObject({ code: 'HOST_KEY_CHANGED', exit: 77 });
      expect(report.message).toContain(`${knownHosts}:2`);
      expect(report.next).toContain(`ssh-keygen -R '[127.0.0.1]:${server.port}' -f ${knownHosts}`);
    }
    expect(readFileSync(knownHosts, 'utf8')).toBe(text);
    expect(logins).toBe(0);
  });

  it('is refused when it is revoked', async () => {
    const knownHosts = join(testFolder(), 'known_hosts');
    writeFileSync(knownHosts, `@revoked * ${publicKey}\n`);
    const { transport } = await oneHost({}, { knownHosts });
    expect(await reportOfFailure(transport.run('true', []))).toMatchObject({
      code: 'HOST_KEY_REVOKED',
      exit: 77,
    });
  });

  it('is asked for in the kind that is known', async () => {
    const knownHosts = join(testFolder(), 'known_hosts');
    const ecdsa = utils.generateKeyPairSync('ecdsa', { bits: 256 });
    const rsa = utils.generateKeyPairSync('rsa', { bits: 2048 });
    const server = await testServer({ hostKeys: [hostKey.private, ecdsa.private, rsa.private] });
    for (const pair of [ecdsa, rsa]) {
      writeFileSync(knownHosts, `[127.0.0.1]:${server.port} ${pair.public}\n`);
      const transport = testNetwork({ acceptNew: false }).transport(targetOf(server, { knownHosts }));
      expect((await transport.run('true', [])).status).toBe(0);
    }
  });

  it("is known when this machine's administrator knows it", async () => {
    const server = await testServer();
    const globalKnownHosts = join(testFolder(), 'ssh_known_hosts');
    writeFileSync(globalKnownHosts, `[127.0.0.1]:${server.port} ${publicKey}\n`);
    const transport = testNetwork({ acceptNew: false, globalKnownHosts }).transport(targetOf(server));
    expect((await transport.run('true', [])).status).toBe(0);
  });

  it('says so when the file cannot be read', async () => {
    const { transport } = await oneHost({}, { knownHosts: '/etc' });
    expect(await reportOfFailure(transport.run('true', []))).toMatchObject({ code: 'KNOWN_HOSTS_UNUSABLE' });
  });
});
