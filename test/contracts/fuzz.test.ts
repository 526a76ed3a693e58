/**
 * Mutated frames and field tables into a live node over TCP: it does not crash or hang, does not grow, keeps no
 * connection, says why it closes one, and serves the next client as ever. As many as WARREN_FUZZ says (the soak: a
 * million); the seed is in the test's name.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { connect as amqp } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { bundled } from '../engines/engine.js';
import { until } from '../engines/until.js';
import { contentHeader, definitions, frame, method } from '../twin/codec.js';

const wanted = Number(process.env.WARREN_FUZZ ?? 100_000);
const seed = Number(process.env.WARREN_SEED ?? 1);
const perConnection = 8;
const atOnce = 24;

let cluster: EngineCluster;
let random: () => number;

beforeAll(async () => {
  cluster = await startCluster(bundled);
  await cluster.nodes[0]!.api('PUT', 'vhosts/fuzz');
  await cluster.nodes[0]!.api('PUT', 'permissions/fuzz/guest', { configure: '.*', write: '.*', read: '.*' });
  random = mulberry(seed);
});
afterAll(() => cluster.destroy());

/** A small generator of numbers in [0, 1) that a seed repeats. */
function mulberry(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const below = (limit: number) => Math.floor(random() * limit);
const one = <T>(of: readonly T[]) => of[below(of.length)]!;
const noise = (most: number) => Buffer.from(Array.from({ length: below(most + 1) }, () => below(256)));

const table = {
  text: 'a',
  number: 5,
  huge: 2 ** 40,
  yes: true,
  nothing: null,
  half: 1.5,
  list: [1, 'two', [true]],
  table: { within: { within: 'deep' } },
  when: { '!': 'timestamp', value: 1 },
  octets: Buffer.from([0, 255]),
};

/** Well-formed frames of everything that a client may send. */
function pool(): Buffer[] {
  const names = ['', 'q', 'amq.direct', 'amq.rabbitmq.reply-to', 'x'];
  const asked = Object.keys(definitions).filter((name) =>
    /^(Basic|Queue|Exchange|Channel|Confirm|Tx|Access)[A-Z][A-Za-z]*$/.test(name),
  );
  const frames: Buffer[] = [];
  for (const name of asked) {
    if (name.endsWith('Ok') || name.endsWith('Properties')) continue;
    for (const text of names) {
      const fields = { queue: text, exchange: text, routingKey: text, source: text, destination: text };
      try {
        frames.push(method(name, 1, { ...fields, type: 'topic', arguments: table, consumerTag: text }));
      } catch {
        // amqplib asks more of some methods than others: those few are left out.
      }
    }
  }
  frames.push(contentHeader(1, 5, { headers: table, expiration: '5' }), frame(3, 1, Buffer.from('12345')));
  return frames;
}

/** Keeps the frame's bounds most of the time, so that what is inside is read. */
function mutated(original: Buffer): Buffer {
  const payload = Buffer.from(original.subarray(7, -1));
  for (let count = 1 + below(3); count > 0 && payload.length > 0; count -= 1) {
    payload[below(payload.length)] = below(256);
  }
  const kind = random();
  if (kind < 0.7) return frame(original[0]!, 1, payload);
  if (kind < 0.8) return frame(original[0]!, 1, payload.subarray(0, below(payload.length + 1)));
  if (kind < 0.88) return frame(original[0]!, 1, Buffer.concat([payload, noise(20)]));
  if (kind < 0.92) return frame(below(256), below(4), payload);
  if (kind < 0.96)
    return frame(1, 1, Buffer.concat([Buffer.from([0, 50, 0, 10, 0, 0, 1, 113, 2]), noise(60)]));
  const whole = Buffer.from(original);
  whole[below(whole.length)] = below(256);
  return whole;
}

const opening = Buffer.concat([
  Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  method('ConnectionStartOk', 0, {
    clientProperties: {},
    mechanism: 'PLAIN',
    response: Buffer.from('\0guest\0guest'),
    locale: 'en_US',
  }),
  method('ConnectionTuneOk', 0, { channelMax: 10, frameMax: 8192, heartbeat: 0 }),
  method('ConnectionOpen', 0, { virtualHost: 'fuzz' }),
  method('ChannelOpen', 1),
]);

/** Sends it all and says no more; answers with the reply codes of the closes that came back. */
function attack(port: number, bytes: Buffer): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(closes(Buffer.concat(chunks))));
    socket.setTimeout(30_000, () => reject(new Error('the node hangs')));
  });
}

function closes(bytes: Buffer): number[] {
  const codes: number[] = [];
  for (let at = 0; bytes.length - at >= 12; ) {
    const id = bytes[at] === 1 ? bytes.readUInt32BE(at + 7) : 0;
    const isClose = id === definitions.ConnectionClose || id === definitions.ChannelClose;
    if (isClose) codes.push(bytes.readUInt16BE(at + 11));
    at += bytes.readUInt32BE(at + 3) + 8;
  }
  return codes;
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

describe('a live node under mutated frames', () => {
  it(
    `takes ${wanted} of seed ${seed}`,
    async () => {
      const [node] = cluster.nodes as [(typeof cluster.nodes)[0]];
      const { amqp: port } = node.specification.ports;
      const frames = pool();
      const codes = new Map<number, number>();
      let left = wanted;
      let early = 0;
      const attacker = async () => {
        while (left > 0) {
          left -= perConnection;
          const batch = Array.from({ length: perConnection }, () => mutated(one(frames)));
          for (const code of await attack(port, Buffer.concat([opening, ...batch]))) {
            codes.set(code, (codes.get(code) ?? 0) + 1);
          }
          if (early === 0 && left < wanted * 0.7) early = residentMegabytes(node.pid!);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, attacker));

      const refusals = [402, 403, 404, 405, 406, 501, 502, 503, 504, 505, 530, 540, 541];
      expect([...codes.keys()].filter((code) => !refusals.includes(code))).toEqual([]);
      for (const code of [404, 501, 502, 503, 504, 505])
        expect(codes.get(code), `${code}`).toBeGreaterThan(10);
      await until('no connection is left', async () => {
        const { body } = await node.api('GET', 'connections');
        return (body as unknown[]).length === 0;
      });
      await node.api('DELETE', 'vhosts/fuzz');
      expect(residentMegabytes(node.pid!) - early).toBeLessThan(100);
      const log = readFileSync(path.join(node.folder, 'log', `${node.name}.log`), 'utf8');
      expect(log.match(/^.*(TypeError|RangeError|ERR_| {4}at ).*$/m)).toBe(null);
      await serves(node.url);
    },
    60_000 + wanted,
  );
});

async function serves(url: string): Promise<void> {
  const connection = await amqp(url);
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  channel.sendToQueue(queue, Buffer.from('still here'));
  await channel.waitForConfirms();
  expect(await channel.get(queue)).toMatchObject({ content: Buffer.from('still here') });
  await connection.close();
}
