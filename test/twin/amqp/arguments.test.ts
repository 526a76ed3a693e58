/** Every argument that a declaration or a subscription can have, with values that a queue type takes or refuses. */
import { describe } from 'vitest';
import type { Stage } from '../stage.js';
import { twin } from '../twin.js';

type Table = [argument: string, values: unknown[]][];

const long = (value: number) => ({ '!': 'long', value });

const values: Table = [
  ['x-expires', [60_000, long(2 ** 40), 1.5]],
  ['x-message-ttl', [0, 1.5]],
  ['x-max-length', [0, 1.5, 'five']],
  ['x-max-length-bytes', ['many', true]],
  ['x-max-priority', [0, 255]],
  ['x-dead-letter-exchange', ['']],
  ['x-overflow', ['reject-publish-dlx']],
  ['x-single-active-consumer', [1]],
  ['x-queue-mode', ['lazy', 1]],
  ['x-queue-version', [2, 'two']],
  ['x-queue-master-locator', ['min-masters', 'random']],
  ['x-dead-letter-strategy', ['at-least-once', 'never']],
  ['x-delivery-limit', [3]],
  ['x-quorum-initial-group-size', [3]],
  ['x-max-in-memory-length', [3]],
  ['x-max-age', ['1h']],
  ['x-stream-max-segment-size-bytes', [1000]],
  ['x-initial-cluster-size', [1]],
  ['x-queue-leader-locator', ['client-local']],
];

const quorum: Table = [
  ['x-delivery-limit', [0, -1, 'many']],
  ['x-quorum-initial-group-size', [1, 0, -1, 'all']],
  ['x-overflow', ['drop-head', 'reject-publish', 'reject-publish-dlx']],
  ['x-max-priority', [5]],
  ['x-queue-mode', ['lazy']],
  ['x-queue-version', [1]],
  ['x-dead-letter-strategy', ['at-most-once', 'at-least-once', 'never', 1]],
  ['x-max-length', [1, -1]],
  ['x-max-in-memory-length', [1, -1, 'a']],
  ['x-max-in-memory-bytes', [1, -1]],
  ['x-expires', [60_000, 0]],
  ['x-message-ttl', [1000, -1]],
  ['x-single-active-consumer', [true, 'yes']],
  ['x-queue-leader-locator', ['balanced', 'nowhere', 1]],
  ['x-max-age', ['1h']],
];

const stream: Table = [
  ['x-max-age', ['5x', 7]],
  ['x-max-length', [5]],
  ['x-message-ttl', [5]],
  ['x-dead-letter-exchange', ['a']],
  ['x-max-length-bytes', [-1]],
  ['x-initial-cluster-size', [0]],
  ['x-stream-max-segment-size-bytes', [-1]],
  ['x-single-active-consumer', [true]],
];

async function declare(t: Stage, args: Record<string, unknown>): Promise<void> {
  const ch = await t.channel();
  await ch.assertQueue('q', { arguments: args });
  await ch.assertQueue('q', { arguments: args });
}

function table(type: string | null, rows: Table): void {
  for (const [argument, each] of rows) {
    for (const value of each) {
      twin(`${argument} = ${JSON.stringify(value)}`, (t) =>
        declare(t, { ...(type && { 'x-queue-type': type }), [argument]: value }),
      );
    }
  }
}

describe('arguments of a classic queue', () => table(null, values));
describe('arguments of a quorum queue', () => table('quorum', quorum));
describe('arguments of a stream', () => table('stream', stream));

describe('properties that a queue type refuses', () => {
  for (const type of ['quorum', 'stream']) {
    for (const [property, options] of Object.entries({
      transient: { durable: false },
      exclusive: { exclusive: true },
      'auto-delete': { autoDelete: true },
    })) {
      twin(`${property} ${type}`, async (t) => {
        const ch = await t.channel();
        await ch.assertQueue('q', { ...options, arguments: { 'x-queue-type': type } });
      });
    }
    twin(`a ${type} named by the server`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('', { arguments: { 'x-queue-type': type } });
    });
  }
});

describe('arguments of a consumer', () => {
  const consumers: [string, unknown][] = [
    ['x-priority', 'high'],
    ['x-priority', 1.5],
    ['x-priority', -3],
    ['x-cancel-on-ha-failover', true],
    ['x-cancel-on-ha-failover', 'yes'],
    ['x-stream-offset', 'first'],
    ['x-nonsense', 5],
  ];
  for (const [argument, value] of consumers) {
    twin(`${argument} = ${JSON.stringify(value)}`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q');
      await ch.consume('q', { arguments: { [argument]: value } });
    });
  }
});

describe('arguments of an exchange', () => {
  const exchanges: [string, unknown][] = [
    ['alternate-exchange', 5],
    ['alternate-exchange', ''],
    ['alternate-exchange', 'nosuch'],
    ['x-nonsense', true],
  ];
  for (const [argument, value] of exchanges) {
    twin(`${argument} = ${JSON.stringify(value)}`, async (t) => {
      const ch = await t.channel();
      await ch.assertExchange('x', 'direct', { arguments: { [argument]: value } });
      await ch.assertExchange('x', 'direct', { arguments: { [argument]: value } });
      await ch.assertExchange('x', 'direct');
    });
  }
});
