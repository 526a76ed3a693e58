import { expect, test } from 'vitest';
import { conditionNames, conditionOf } from '../../src/watch/conditions/index.js';
import { evaluate } from '../../src/watch/evaluate.js';
import { parseRules } from '../../src/watch/rules/read.js';
import type { Snapshot } from '../../src/watch/snapshot.js';
import { node, queue, snapshot } from './snapshots.js';

const day = 86_400_000;

/** What one rule says of a snapshot: subjects by how they stand. */
async function says(rule: string, seen: Snapshot): Promise<Record<string, string> | 'unknown'> {
  const { rules } = await parseRules(`rules: [{ ${rule} }]`, 'r.yaml');
  const { observations, unknown } = evaluate(seen, rules);
  if (unknown.size > 0) return 'unknown';
  return Object.fromEntries(observations.map(({ subject, standing }) => [subject, standing]));
}

const nodes = (...changes: Parameters<typeof node>[0][]) => snapshot({ nodes: changes.map(node) });
const queues = (...changes: Parameters<typeof queue>[0][]) => snapshot({ queues: changes.map(queue) });
const hosts = (cookies: [string, string][], addresses: NonNullable<Snapshot['hosts']>['addresses'] = []) =>
  snapshot({ hosts: { cookies: new Map(cookies), addresses } });

const cases: [string, Snapshot, Record<string, string> | 'unknown'][] = [
  ['when: node_down', nodes({ up: false }, { name: 'b' }), { a: 'over', b: 'under' }],
  ['when: node_down, node: ^b', nodes({ up: false }, { name: 'b' }), { b: 'under' }],
  ['when: no_answer', snapshot({ blind: 'silence' }), { c: 'over' }],
  ['when: no_answer', snapshot(), { c: 'under' }],
  [
    'when: partition',
    nodes({ partitions: ['b'] }, { name: 'b', partitions: undefined }),
    { a: 'over', b: 'unknown' },
  ],
  [
    'when: alarm',
    nodes({ memoryAlarm: true }, { name: 'b', memoryAlarm: undefined, diskAlarm: undefined }),
    { 'memory on a': 'over', 'memory on b': 'unknown', 'disk on a': 'under', 'disk on b': 'unknown' },
  ],
  ['when: memory, above: 80%', nodes({ memory: { value: 80, limit: 100 } }), { a: 'under' }],
  ['when: memory, above: 80%', nodes({ memory: { value: 81, limit: 100 } }), { a: 'over' }],
  ['when: memory, above: 80%, clear: 70%', nodes({ memory: { value: 71, limit: 100 } }), { a: 'between' }],
  ['when: memory, above: 80%, clear: 70%', nodes({ memory: { value: 70, limit: 100 } }), { a: 'under' }],
  ['when: memory', nodes({ memory: undefined }), { a: 'unknown' }],
  ['when: memory', nodes({ memory: { value: 1, limit: 0 } }), { a: 'unknown' }],
  ['when: disk, below: 200%, clear: 250%', nodes({ disk: { value: 199, limit: 100 } }), { a: 'over' }],
  ['when: disk, below: 200%, clear: 250%', nodes({ disk: { value: 249, limit: 100 } }), { a: 'between' }],
  ['when: disk, below: 200%, clear: 250%', nodes({ disk: { value: 250, limit: 100 } }), { a: 'under' }],
  ['when: file_descriptors', nodes({ fileDescriptors: { value: 90, limit: 100 } }), { a: 'over' }],
  [
    'when: queue_depth, above: 5',
    queues({ messages: 6 }, { name: 'r', messages: undefined }),
    { q: 'over', r: 'unknown' },
  ],
  ['when: queue_depth, above: 5, queue: ^r', queues({ messages: 6 }, { name: 'r' }), { r: 'under' }],
  [
    'when: queue_depth, above: 5, vhost: w',
    queues({ messages: 6 }, { vhost: 'w' }),
    { 'q (vhost w)': 'under' },
  ],
  [
    'when: queue_growth, above: 60',
    queues({ rates: { growth: 1.1 } }, { name: 'r', rates: { growth: -9 } }),
    { q: 'over', r: 'under' },
  ],
  ['when: queue_growth', queues({ rates: {} }), { q: 'unknown' }],
  [
    'when: no_consumers, above: 0',
    queues({ messages: 1, consumers: 0 }, { name: 'r', messages: 9 }),
    { q: 'over', r: 'under' },
  ],
  ['when: no_consumers, above: 0', queues({ consumers: 0 }), { q: 'under' }],
  ['when: unacknowledged, above: 5', queues({ unacknowledged: 6 }), { q: 'over' }],
  [
    'when: queue_down',
    queues({ state: 'down' }, { name: 'r', state: 'minority' }, { name: 's' }),
    { q: 'over', r: 'over', s: 'under' },
  ],
  ['when: unsynchronised_mirrors', queues({ members: ['a', 'b'], whole: ['a'] }), { q: 'over' }],
  ['when: unsynchronised_mirrors', queues({ members: ['a', 'b'], whole: ['a', 'b'] }), { q: 'under' }],
  [
    'when: quorum_at_risk',
    queues(
      { type: 'quorum', members: ['a', 'b', 'c'], whole: ['a', 'b', 'c'] },
      { name: 'two', type: 'quorum', members: ['a', 'b', 'c'], whole: ['a', 'b'] },
      { name: 'five', type: 'quorum', members: ['a', 'b', 'c', 'd', 'e'], whole: ['a', 'b', 'c', 'd'] },
      { name: 'one', type: 'quorum', members: ['a'], whole: ['a'] },
      { name: 'mirrored', members: ['a', 'b'], whole: ['a'] },
    ),
    { q: 'under', two: 'over', five: 'under', one: 'under', mirrored: 'under' },
  ],
  ['when: queue_depth', snapshot({ queues: undefined, blind: 'x' }), 'unknown'],
  [
    'when: certificate_expires, within: 30d, clear: 60d',
    snapshot({
      certificates: [10, 40, 70, -1].map((days) => ({
        where: `h:${days}`,
        subject: 's',
        expiresAt: days * day,
      })),
    }),
    { 'h:10': 'over', 'h:40': 'between', 'h:70': 'under', 'h:-1': 'over' },
  ],
  ['when: version_mismatch', nodes({}, { name: 'b', version: '3.11.0' }), { c: 'over' }],
  ['when: version_mismatch', nodes({}, { name: 'b', version: undefined }), { c: 'under' }],
  [
    'when: cookie_mismatch',
    hosts([
      ['a', '1'],
      ['b', '2'],
      ['c', '1'],
    ]),
    { c: 'over' },
  ],
  [
    'when: cookie_mismatch',
    hosts([
      ['a', '1'],
      ['b', '1'],
    ]),
    { c: 'under' },
  ],
  ['when: cookie_mismatch', snapshot(), 'unknown'],
  [
    'when: virtual_address',
    hosts(
      [],
      [
        { address: 'none', holders: [], silent: [] },
        { address: 'one', holders: ['l'], silent: [] },
        { address: 'two', holders: ['l', 'm'], silent: [] },
        { address: 'who knows', holders: [], silent: ['m'] },
      ],
    ),
    { none: 'over', one: 'under', two: 'over', 'who knows': 'unknown' },
  ],
];

test.each(cases)('%s', async (rule, seen, expected) => {
  expect(await says(rule, seen)).toEqual(expected);
});

test('every condition is tried above', () => {
  const tried = new Set(cases.map(([rule]) => /when: (\w+)/.exec(rule)![1]));
  expect([...tried].sort()).toEqual([...conditionNames].sort());
});

test('the one host whose cookie is another is named', async () => {
  const { rules } = await parseRules('rules: [{ when: cookie_mismatch }]', 'r.yaml');
  const seen = hosts([
    ['a', '1'],
    ['b', '2'],
    ['c', '1'],
  ]);
  expect(conditionOf('cookie_mismatch').measure(seen, rules[0]!)?.[0]?.problem).toMatch(/^b has another/);
});

test('what a queue is called cannot command a terminal', async () => {
  const { rules } = await parseRules('rules: [{ when: queue_depth, above: 0 }]', 'r.yaml');
  const [found] = evaluate(queues({ name: 'a\u001b[2Jb\nc', messages: 1 }), rules).observations;
  expect(found?.problem).toBe('queue a\\u{1b}[2Jb\\u{a}c holds 1 messages');
});
