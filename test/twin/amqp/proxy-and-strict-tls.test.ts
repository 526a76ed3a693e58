/**
 * What takes nodes of its own: the PROXY protocol, with whose header every connection to them begins, TLS behind it
 * that wants a certificate of every client, HTTPS of one version, a deadline of the handshake that is soon, no limits of
 * frames and channels, and limits of memory and disk.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { certificateFile, keyFile, makeChain } from '../../engines/certificates.js';
import { type EngineCluster, startCluster } from '../../engines/cluster.js';
import { bundled, rabbitmq } from '../../engines/engine.js';
import type { Ports } from '../../engines/ports.js';
import { Stage } from '../stage.js';

const clusters: EngineCluster[] = [];
const possible = inject('twins') !== undefined;

beforeAll(async () => {
  if (!possible) return;
  await makeChain(folder());
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
    'ssl_options.depth = 1',
    'channel_max = 0',
    'frame_max = 0',
    'vm_memory_high_watermark.absolute = 3GB',
    'disk_free_limit.absolute = 123MB',
    `management.ssl.port = ${httpsPort(amqps)}`,
    'management.ssl.ip = 127.0.0.1',
    ...files('management.ssl'),
    'management.ssl.verify = verify_peer',
    'management.ssl.fail_if_no_peer_cert = true',
    'management.ssl.depth = 0',
    'management.ssl.versions.1 = tlsv1.2',
  ];
}

const httpsPort = (amqps: number) => amqps + 10_000;

const trust = () => ({ ca: readFileSync(certificateFile(folder(), 'ca')), servername: 'localhost' });

const identity = (certificate: string) => ({
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

const startOk = {
  clientProperties: {},
  mechanism: 'PLAIN',
  response: Buffer.from('\0guest\0guest'),
  locale: 'en_US',
};

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

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only = { minVersion: version, maxVersion: version };
    for (const [certificate, between] of [
      ['deputy', 'one authority'],
      ['stranger', 'two authorities'],
    ] as const)
      same(`a client whose certificate stands below ${between}, ${version}`, async (t) => {
        t.say('let in', (await t.secureRaw({ ...identity(certificate), ...only }, header)) !== undefined);
      });
  }

  same('a client without the header is refused', async (t) => {
    t.say('let in', (await t.secureRaw(identity('guest'))) !== undefined);
  });
});

describe.skipIf(!possible)('a node without limits of frames and channels', () => {
  const header = taken['version 1, IPv4']!;
  const large = Buffer.alloc(300_000, 'large');

  same('takes and gives a body in one frame, on any channel', async (t) => {
    const raw = await t.raw();
    raw.send(header);
    await raw.handshake(t.vhost, { channelMax: 0, frameMax: 0 });
    await raw.openChannel(65_535);
    await raw.ask('QueueDeclare', { queue: 'q' }, 65_535);
    raw.publish(65_535, { routingKey: 'q' }, large, {}, large.length);
    await raw.ask('BasicGet', { queue: 'q', noAck: true }, 65_535);
    await raw.until('body');
  });

  for (const frameMax of [4096, 200_000])
    same(`keeps to what a client can take: ${frameMax}`, async (t) => {
      const raw = await t.raw();
      raw.send(header);
      await raw.handshake(t.vhost, { channelMax: 65_535, frameMax });
      await raw.openChannel(1);
      await raw.ask('QueueDeclare', { queue: 'q' });
      raw.publish(1, { routingKey: 'q' }, large.subarray(0, 250_000));
      await raw.ask('BasicGet', { queue: 'q', noAck: true });
      for (let octets = 0; octets < 250_000; octets += frameMax - 8) await raw.until('body');
    });

  same('refuses what no client can take', async (t) => {
    const raw = await t.raw();
    raw.send(header, text('AMQP\0\0\x09\x01'));
    await raw.quietly(() => raw.until('ConnectionStart'));
    raw.method('ConnectionStartOk', 0, startOk);
    await raw.until('ConnectionTune');
    raw.method('ConnectionTuneOk', 0, { channelMax: 0, frameMax: 4095, heartbeat: 0 });
    raw.method('ConnectionOpen', 0, { virtualHost: t.vhost });
    await raw.until('ConnectionOpenOk', 'ConnectionClose');
  });
});

describe.skipIf(!possible)('limits of memory and disk', () => {
  same('are those of rabbitmq.conf', async (t) => {
    const { body } = await t.node.api(
      'GET',
      'nodes?columns=mem_limit,disk_free_limit,mem_alarm,disk_free_alarm',
    );
    t.say('limits', body);
  });
});

describe.skipIf(!possible)('the deadline of the handshake', () => {
  const header = taken['version 1, IPv4']!;

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

describe.skipIf(!possible)('HTTPS of TLS 1.2 alone, below the authority itself', () => {
  const refused = () => 'refused';
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    same(`a client that speaks ${version} alone`, async (t) => {
      const only = { minVersion: version, maxVersion: version };
      t.say('answer', await over(t, 'guest:guest', { ...identity('guest'), ...only }).catch(refused));
    });

  same('a client whose certificate stands below another authority', async (t) => {
    t.say('answer', await over(t, 'guest:guest', identity('deputy')).catch(refused));
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
