/**
 * Mutated frames into a live listener: whatever comes, the node goes on, the connection either works or is ended
 * with a close method (or, during the handshake, without a word), and nothing of it is left behind.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeMethod } from '../../../src/broker/protocol/method-codec.js';
import {
  type Arguments,
  type Fields,
  type MethodName,
  methods,
} from '../../../src/broker/protocol/methods.js';
import { fieldTable, shortString } from '../protocol/arbitraries.js';
import { contentHeader, frame, RawClient } from './client.js';
import { memoryPair } from './memory-pair.js';
import { type Served, serve } from './serve.js';

let served: Served;

beforeAll(async () => {
  served = await serve();
});
afterAll(async () => {
  await served.listener.close('test is over');
});

function inMemory(): RawClient {
  const [near, far] = memoryPair();
  served.listener.serve(near);
  return RawClient.over(far);
}

const domains = {
  bit: fc.boolean(),
  octet: fc.nat(255),
  short: fc.nat(65535),
  long: fc.constantFrom(0, 0, 0, 1, 4_000_000_000),
  longlong: fc.nat(20),
  shortstr: fc.oneof(fc.constantFrom('', 'q', 'amq.direct', 'amq.rabbitmq.reply-to'), shortString),
  longstr: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  table: fieldTable,
};

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((octets) => Buffer.from(octets));
const channel = fc.constantFrom(0, ...Array<number>(20).fill(1), 2);
const ends = new Set<MethodName>(['connection.close', 'connection.close-ok', 'connection.open']);
const asked = (name: MethodName) =>
  !ends.has(name) && !name.endsWith('-ok') && !name.startsWith('connection.');
const all = Object.keys(methods) as MethodName[];
/** Mostly what clients may send on a channel. */
const names = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...all.filter(asked)) },
  { weight: 1, arbitrary: fc.constantFrom(...all.filter((name) => !ends.has(name))) },
);

const anyMethod = names.chain((name) => {
  const fields: Fields = methods[name].fields;
  const args = fc.record(
    Object.fromEntries(Object.entries(fields).map(([field, domain]) => [field, domains[domain]])) as Record<
      string,
      fc.Arbitrary<unknown>
    >,
  );
  return fc
    .tuple(channel, args)
    .map(([on, given]) => encodeMethod(on, name, given as Partial<Arguments<typeof name>>));
});

const publishing = fc
  .tuple(bytes(30), bytes(20), fc.integer({ min: -1, max: 1 }))
  .map(([properties, body, more]) =>
    Buffer.concat([
      encodeMethod(1, 'basic.publish', { routingKey: 'q' }),
      contentHeader(1, Math.max(0, body.length + more), properties),
      frame(3, 1, body),
    ]),
  );

const anyFrame = fc
  .tuple(fc.oneof(fc.constantFrom(1, 2, 3, 8), fc.nat(255)), channel, bytes(40))
  .map(([type, on, payload]) => frame(type, on, payload));

const mutation = fc.record({ at: fc.nat(500), octet: fc.nat(255), cut: fc.nat(20) });

const attack = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 8, arbitrary: anyMethod },
        { weight: 2, arbitrary: publishing },
        { weight: 1, arbitrary: anyFrame },
      ),
      { minLength: 1, maxLength: 6 },
    ),
    fc.oneof(fc.constant([]), fc.array(mutation, { maxLength: 3 })),
    fc.boolean(),
  )
  .map(([frames, mutations, cut]) => {
    let stream = Buffer.concat(frames);
    for (const { at, octet } of mutations) if (stream.length > 0) stream[at % stream.length] = octet;
    if (cut && mutations.length > 0)
      stream = stream.subarray(0, Math.max(1, stream.length - mutations[0]!.cut));
    return stream;
  });

/** Asks for an answer on a channel of its own; `connection.close` is one too, and so is waiting for more octets. */
async function outcome(client: RawClient): Promise<string> {
  client.write(encodeMethod(7, 'channel.open', {}));
  const answered = () =>
    client.received.find(({ method, channel: on }) => method === 'connection.close' || on === 7)?.method;
  for (let turn = 0; turn < 50; turn++) {
    if (answered() !== undefined) return answered()!;
    if (client.ended) return 'ended';
    await new Promise(setImmediate);
  }
  return 'waits for the rest of a frame';
}

describe('mutated frames', () => {
  test('on an open connection', async () => {
    const outcomes = new Map<string, number>();
    const property = fc.asyncProperty(attack, async (stream) => {
      const client = await inMemory().opening();
      client.write(stream);
      const how = await outcome(client);
      outcomes.set(how, (outcomes.get(how) ?? 0) + 1);
      expect(how).not.toBe('ended');
      client.socket.destroy();
    });
    await fc.assert(property, { numRuns: 5000 });
    expect(outcomes.get('connection.close')).toBeGreaterThan(100);
    expect(outcomes.get('channel.open-ok')).toBeGreaterThan(100);
    await expect.poll(() => served.broker.connections.size).toBe(0);
    expect(served.log.filter((line) => line.includes('TypeError') || line.includes('RangeError'))).toEqual(
      [],
    );
  }, 120_000);

  test('in place of a handshake', async () => {
    const opening = fc
      .tuple(fc.boolean(), bytes(60), attack)
      .map(([polite, noise, frames]) =>
        Buffer.concat([polite ? Buffer.from('AMQP\x00\x00\x09\x01', 'latin1') : noise, frames]),
      );
    const property = fc.asyncProperty(opening, async (stream) => {
      const client = inMemory();
      client.write(stream);
      await new Promise(setImmediate);
      client.socket.destroy();
    });
    await fc.assert(property, { numRuns: 2000 });
    const client = await inMemory().opening();
    client.socket.destroy();
    expect(served.log.filter((line) => line.includes('TypeError') || line.includes('RangeError'))).toEqual(
      [],
    );
  }, 120_000);
});
