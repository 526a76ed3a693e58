/**
 * What takes nodes of its own: the PROXY protocol, with whose header every connection to them begins, TLS behind it
 * that wants a certificate of every client, HTTPS, and a deadline of the handshake that is soon.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Certificate, certificateFile, keyFile } from '../../engines/certificates.js';
import { type EngineCluster, startCluster } from '../../engines/cluster.js';
import { bundled, rabbitmq } from '../../engines/engine.js';
import type { Ports } from '../../engines/ports.js';
import { Stage } from '../stage.js';

const clusters: EngineCluster[] = [];
const possible = inject('twins') !== undefined;

beforeAll(async () => {
  if (!possible) return;
  const started = [bundled, rabbitmq].map((engine) => startCluster(engine, 1, configuration));
  clusters.push(...(await Promise.all(started)));
});
afterAll(async () => {
  await Promise.all(clusters.map((cluster) => cluster.destroy()));
});

const folder = () => inject('twins')!.certificates;

function configuration({ amqps }: Ports): string[] {
  const files = (prefix: string) => [
    `${prefix}.cacertfile = ${certificateFile(folder(), 'ca')}`,
    `${prefix}.certfile = ${certificateFile(folder(), 'server')}`,
    `${prefix}.keyfile = ${keyFile(folder(), 'server')}`,
  ];
  return [
    'proxy_protocol = true',
    'handshake_timeout = 1500',
    'ssl_handshake_timeout = 1500',
    `listeners.ssl.1 = 127.0.0.1:${amqps}`,
    ...files('ssl_options'),
    'ssl_options.verify = verify_peer',
    'ssl_options.fail_if_no_peer_cert = true',
    `management.ssl.port = ${httpsPort(amqps)}`,
    'management.ssl.ip = 127.0.0.1',
    ...files('management.ssl'),
    'management.ssl.verify = verify_peer',
    'management.ssl.fail_if_no_peer_cert = true',
  ];
}

const httpsPort = (amqps: number) => amqps + 10_000;

const trust = () => ({ ca: readFileSync(certificateFile(folder(), 'ca')), servername: 'localhost' });

const identity = (certificate: Certificate) => ({
  ...trust(),
  cert: readFileSync(certificateFile(folder(), certificate)),
  key: readFileSync(keyFile(folder(), certificate)),
});

const text = (line: string) => Buffer.from(line, 'latin1');
const signature = text('\r\n\r\n\0\r\nQUIT\n');

/** Version 2: command, family, addresses and ports. */
function binary(command: number, family: number, rest: number[]): Buffer {
  return Buffer.concat([signature, Buffer.from([0x20 | command, family, 0, rest.length, ...rest])]);
}

const ports = [0x04, 0x57, 0x16, 0x28];
const ip4 = [127, 0, 0, 3, 127, 0, 0, 4, ...ports];
const ip6 = [...new Array(15).fill(0), 1, ...new Array(15).fill(0), 1, ...ports];

const taken: Record<string, Buffer> = {
  'version 1, IPv4': text('PROXY TCP4 10.1.2.3 10.9.9.9 1111 5672\r\n'),
  'version 1, IPv6': text('PROXY TCP6 ::1 ::1 1111 5672\r\n'),
  'version 2, IPv4': binary(1, 0x11, ip4),
  'version 2, IPv6': binary(1, 0x21, ip6),
  'version 2, more values behind the addresses': binary(1, 0x11, [...ip4, 4, 0, 2, 0, 0]),
};

const refused: Record<string, Buffer> = {
  'no header': text('AMQP\0\0\x09\x01'),
  'another first line': text('GET / HTTP/1.1\r\n'),
  'version 1, an address that is none': text('PROXY TCP4 999.1.2.3 10.9.9.9 1111 5672\r\n'),
  'version 1, a port that is none': text('PROXY TCP4 10.1.2.3 10.9.9.9 1111 99999\r\n'),
  'version 1, an unknown client': text('PROXY UNKNOWN\r\n'),
  'version 2, a health check': binary(0, 0, []),
  'version 2, another family': binary(1, 0x31, new Array(216).fill(0)),
};

describe.skipIf(!possible)('the PROXY protocol', () => {
  for (const [title, header] of Object.entries(taken)) {
    same(title, async (t) => {
      const raw = await t.raw();
      raw.send(header);
      await raw.handshake(t.vhost);
      await raw.openChannel(1);
      raw.method('QueueDeclare', 1, { queue: '', exclusive: true });
      await raw.until('QueueDeclareOk');
      t.say('name', (await nameOf(t)).replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:*'));
    });
  }

  same('a header in pieces', async (t) => {
    const raw = await t.raw();
    for (const octet of taken['version 1, IPv4']!) {
      raw.send(Buffer.from([octet]));
      await t.pause(2);
    }
    await raw.handshake(t.vhost);
    await raw.openChannel(1);
    t.say('is open');
  });

  for (const [title, header] of Object.entries(refused)) {
    same(title, async (t) => {
      const raw = await t.raw();
      raw.send(header);
      await raw.closed();
    });
  }
});

describe.skipIf(!possible)('TLS behind a proxy, with a certificate of every client', () => {
  const header = taken['version 1, IPv4']!;

  same('a client with a certificate is let in, under the name that the proxy told', async (t) => {
    const raw = await t.secureRaw(identity('guest'), header);
    await raw!.openChannel(1);
    raw!.method('QueueDeclare', 1, { queue: '', exclusive: true });
    await raw!.until('QueueDeclareOk');
    t.say('name', (await nameOf(t)).replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:*'));
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only = { minVersion: version, maxVersion: version };
    same(`a client without a certificate is refused, ${version}`, async (t) => {
      t.say('let in', (await t.secureRaw({ ...trust(), ...only }, header)) !== undefined);
    });

    same(`a client whose certificate nobody vouches for is refused, ${version}`, async (t) => {
      t.say('let in', (await t.secureRaw({ ...identity('rogue'), ...only }, header)) !== undefined);
    });
  }

  same('a client without the header is refused', async (t) => {
    t.say('let in', (await t.secureRaw(identity('guest'))) !== undefined);
  });
});

describe.skipIf(!possible)('the deadline of the handshake', () => {
  const header = taken['version 1, IPv4']!;
  const startOk = {
    clientProperties: {},
    mechanism: 'PLAIN',
    response: Buffer.from('\0guest\0guest'),
    locale: 'en_US',
  };

  same('a client that says nothing', async (t) => {
    const raw = await t.raw();
    await raw.closed();
  });

  same('a client that says nothing behind its proxy', async (t) => {
    const raw = await t.raw();
    raw.send(header);
    await raw.closed();
  });

  same('a client that stops in the middle of the protocol header', async (t) => {
    const raw = await t.raw();
    raw.send(header, text('AMQP'));
    await raw.closed();
  });

  same('a client that does not log in', async (t) => {
    const raw = await t.raw();
    raw.send(header, text('AMQP\0\0\x09\x01'));
    await raw.quietly(() => raw.until('ConnectionStart'));
    await raw.closed();
  });

  same('a client that does not tune', async (t) => {
    const raw = await t.raw();
    raw.send(header, text('AMQP\0\0\x09\x01'));
    await raw.quietly(() => raw.until('ConnectionStart'));
    raw.method('ConnectionStartOk', 0, startOk);
    await raw.until('ConnectionTune');
    await raw.closed();
  });

  same('a client that does not open', async (t) => {
    const raw = await t.raw();
    raw.send(header, text('AMQP\0\0\x09\x01'));
    await raw.quietly(() => raw.until('ConnectionStart'));
    raw.method('ConnectionStartOk', 0, startOk);
    await raw.until('ConnectionTune');
    raw.method('ConnectionTuneOk', 0, { channelMax: 0, frameMax: 131072, heartbeat: 0 });
    await raw.closed();
  });

  same('a client that says nothing where TLS is spoken', async (t) => {
    const raw = await t.raw(t.node.specification.ports.amqps);
    raw.send(header);
    await raw.closed();
  });

  same('one that is through is not looked at any more', async (t) => {
    const raw = await t.raw();
    raw.send(header);
    await raw.handshake(t.vhost);
    await t.pause(2500);
    await raw.openChannel(1);
    t.say('open', raw.isOpen);
  });
});

describe.skipIf(!possible)('a peer that is gone without a word', () => {
  same('is dropped when its heartbeats stay away', async (t) => {
    const raw = await t.raw();
    raw.send(taken['version 1, IPv4']!);
    await raw.handshake(t.vhost, { heartbeat: 1 });
    await raw.openChannel(1);
    raw.method('QueueDeclare', 1, { queue: 'mine', exclusive: true });
    await raw.until('QueueDeclareOk');
    await raw.quietly(() => raw.closed());
    t.say('open', raw.isOpen);
    t.say('its queue is gone', await soon(async () => (await queueStatus(t, 'mine')) === 404));
  });
});

describe.skipIf(!possible)('the HTTP API over TLS', () => {
  same('answers, with and without the password', async (t) => {
    for (const auth of ['guest:guest', 'guest:wrong']) t.say(auth, await over(t, auth, identity('guest')));
  });

  same('answers nobody whose certificate is missing or not trusted', async (t) => {
    const refused = () => 'refused';
    t.say('none', await over(t, 'guest:guest', trust()).catch(refused));
    t.say('not trusted', await over(t, 'guest:guest', identity('rogue')).catch(refused));
  });
});

async function queueStatus(t: Stage, queue: string): Promise<number> {
  return (await t.node.api('GET', `queues/${t.vhost}/${queue}`)).status;
}

async function soon(holds: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Status, type and body of an answer over HTTPS. */
function over(t: Stage, auth: string, tls: object): Promise<unknown> {
  const port = httpsPort(t.node.specification.ports.amqps);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/api/whoami', auth, ...tls }, (answer) => {
      let body = '';
      answer.on('data', (part) => {
        body += part;
      });
      answer.on('end', () => resolve([answer.statusCode, answer.headers['content-type'], body]));
    });
    asked.on('error', reject).end();
  });
}

/** Listings name a connection as the proxy told it. */
async function nameOf(t: Stage): Promise<string> {
  const { stdout } = await t.node.ctl('-q', '--no-table-headers', 'list_connections', 'name', 'vhost');
  const line = stdout.split('\n').find((each) => each.endsWith(t.vhost));
  return line?.split('\t')[0] ?? 'not listed';
}

function same(title: string, scenario: (t: Stage) => Promise<void>): void {
  it(title, async () => {
    const [ours, theirs] = await Promise.all(
      clusters.map(async ({ nodes: [node] }) => {
        const stage = new Stage(node!);
        await stage.prepare();
        await scenario(stage).finally(() => stage.finish());
        return stage.transcript.text;
      }),
    );
    expect(theirs).not.toBe('');
    expect(ours).toBe(theirs);
  });
}
