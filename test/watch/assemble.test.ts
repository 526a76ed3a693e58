import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Statistics, StatisticsQueue } from '../../src/drivers/management-api/statistics.js';
import { assemble, type Heard } from '../../src/operations/watch/assemble.js';

/** One queue as the API tells it at a second. */
function heard(second: number, queue: Partial<StatisticsQueue>, more: Partial<Heard> = {}): Heard {
  const statistics: Statistics = {
    overview: { cluster_name: 'c', node: 'a', rabbitmq_version: '3.10.8' },
    nodes: [],
    queues: [{ name: 'q', vhost: '/', ...queue }],
  };
  const place = { kind: 'url', url: 'http://x' } as const;
  return { at: second * 1000, place, cluster: 'c', asked: [], statistics, certificates: [], ...more };
}

const ratesOf = (now: Heard, before?: Heard) => assemble(now, before).queues![0]!.rates;

test('a counter has the rate that the broker tells, and else what was counted between two looks', () => {
  const first = heard(0, { message_stats: { publish: 100, ack: 10 } });
  expect(ratesOf(first)).toEqual({});
  const told = { publish: 300, publish_details: { rate: 7 }, ack: 30 };
  expect(ratesOf(heard(10, { message_stats: told }), first)).toMatchObject({ published: 7, acknowledged: 2 });
});

test('growth is measured between two looks, and before there are two it is what the broker tells', () => {
  const told = { messages: 50, messages_details: { rate: 9 } };
  expect(ratesOf(heard(0, told))).toMatchObject({ growth: 9 });
  expect(ratesOf(heard(10, told), heard(0, { messages: 150 }))).toMatchObject({ growth: -10 });
});

test('no counter ever runs backwards, whatever restarts in between', () => {
  const counter = fc.record({
    publish: fc.nat(),
    ack: fc.nat(),
    deliver_get: fc.nat(),
    get_no_ack: fc.nat(),
  });
  fc.assert(
    fc.property(counter, counter, fc.nat({ max: 100 }), (before, now, seconds) => {
      const rates = ratesOf(heard(seconds, { message_stats: now }), heard(0, { message_stats: before }));
      for (const rate of [rates.published, rates.acknowledged, rates.delivered, rates.taken]) {
        expect(rate ?? 0).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(rate ?? 0)).toBe(true);
      }
    }),
  );
});

test('a node that answers by itself and that another does not see is partitioned, not down', () => {
  const view = (a: boolean, b: boolean) => [
    { name: 'a', running: a, partitions: [] },
    { name: 'b', running: b, partitions: [] },
  ];
  const { nodes } = assemble(
    heard(
      0,
      {},
      {
        asked: [
          { node: 'a', view: view(true, false) },
          { node: 'b', view: view(false, true) },
        ],
      },
    ),
  );
  expect(nodes).toMatchObject([
    { name: 'a', up: true, partitions: ['b'] },
    { name: 'b', up: true, partitions: ['a'] },
  ]);
});

test('a queue is as long as the stricter of its argument and its policy lets it be', () => {
  const limits = { 'x-max-length': 9 };
  const policy = { 'max-length': 5, 'max-length-bytes': 100 };
  const [queue] = assemble(heard(0, { arguments: limits, effective_policy_definition: policy })).queues!;
  expect(queue).toMatchObject({ maxLength: 5, maxBytes: 100 });
});

test('mirrors and members: who holds a queue, and who holds all of it', () => {
  const mirrored = { node: 'a', slave_nodes: ['b', 'c'], synchronised_slave_nodes: ['c'] };
  expect(assemble(heard(0, mirrored)).queues![0]).toMatchObject({
    members: ['a', 'b', 'c'],
    whole: ['a', 'c'],
  });
  const quorum = { type: 'quorum', leader: 'a', members: ['a', 'b', 'c'], online: ['a', 'c'] };
  expect(assemble(heard(0, quorum)).queues![0]).toMatchObject({
    members: ['a', 'b', 'c'],
    whole: ['a', 'c'],
  });
});
