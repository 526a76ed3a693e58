/** The PROXY protocol, which takes nodes of its own: every connection to them begins with its header. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type EngineCluster, startCluster } from '../../engines/cluster.js';
import { bundled, rabbitmq } from '../../engines/engine.js';
import { Stage } from '../stage.js';

const clusters: EngineCluster[] = [];
const possible = inject('twins') !== undefined;

beforeAll(async () => {
  if (!possible) return;
  const configuration = ['proxy_protocol = true'];
  const started = [bundled, rabbitmq].map((engine) => startCluster(engine, 1, configuration));
  clusters.push(...(await Promise.all(started)));
});
afterAll(async () => {
  await Promise.all(clusters.map((cluster) => cluster.destroy()));
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
