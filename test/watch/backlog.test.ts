import { expect, test } from 'vitest';
import { backlogs } from '../../src/watch/backlog.js';
import type { Clients, QueueState } from '../../src/watch/snapshot.js';
import { queue, snapshot } from './snapshots.js';

const consumer = (unacknowledged: number, prefetch = 10, acknowledges = true): Clients => ({
  blocked: [],
  consumers: [{ vhost: '/', queue: 'q', channel: 'ch', prefetch, acknowledges, unacknowledged }],
});

const of = (change: Partial<QueueState>, clients: Clients = { consumers: [], blocked: [] }) =>
  backlogs(snapshot({ queues: [queue(change)], clients }))[0]!;

const waiting = { messages: 100, ready: 100 };

test.each<[string, Partial<QueueState>, Clients | undefined, string]>([
  ['nobody consumes', { ...waiting, consumers: 0 }, undefined, 'no-consumers'],
  ['its leader is down', { messages: undefined, state: 'down' }, undefined, 'queue-down'],
  [
    'a consumer holds all that it may and acknowledges nothing',
    { messages: 110, ready: 100, unacknowledged: 10, rates: { acknowledged: 0 } },
    consumer(10),
    'not-acknowledging',
  ],
  [
    'one without a prefetch holds everything',
    { messages: 100, ready: 0, unacknowledged: 100, rates: { acknowledged: 0 } },
    consumer(100, 0),
    'not-acknowledging',
  ],
  [
    'a consumer works at its prefetch',
    { messages: 110, ready: 100, unacknowledged: 10, rates: { acknowledged: 5 } },
    consumer(10),
    'prefetch-exhausted',
  ],
  [
    'more comes in than is taken',
    { ...waiting, rates: { published: 50, acknowledged: 20, growth: 30 } },
    consumer(3),
    'slow-consumers',
  ],
  [
    'consumers that acknowledge nothing by design are no reason',
    { ...waiting, rates: { published: 1, taken: 20, growth: -19 } },
    consumer(0, 0, false),
    'none',
  ],
])('%s', (_, change, clients, cause) => {
  expect(of(change, clients).cause).toBe(cause);
});

test('how long until it is empty, or full by number or by size', () => {
  expect(of({ ...waiting, rates: { growth: -10 } })).toMatchObject({ trend: 'drains', emptyInMs: 10_000 });
  const grows = { ...waiting, bytes: 1_000, rates: { growth: 10 } };
  expect(of({ ...grows, maxLength: 200 })).toMatchObject({ fullInMs: 10_000, fullAt: '200 messages' });
  expect(of({ ...grows, maxLength: 900, maxBytes: 1_500 })).toMatchObject({
    fullInMs: 5_000,
    fullAt: '1500 bytes',
  });
  expect(of({ ...waiting, maxLength: 100, rates: { growth: 0 } })).toMatchObject({
    fullInMs: 0,
    trend: 'stands',
  });
  expect(of({ ...waiting, rates: {} })).toMatchObject({ trend: 'unknown', emptyInMs: undefined });
});

test('the fastest growing first; an empty queue that stands is not told', () => {
  const queues = [
    queue({ name: 'empty', rates: { growth: 0 } }),
    queue({ name: 'slow', messages: 900, rates: { growth: 1 } }),
    queue({ name: 'fast', messages: 1, rates: { growth: 9 } }),
  ];
  expect(backlogs(snapshot({ queues })).map((one) => one.queue)).toEqual(['fast', 'slow']);
});
