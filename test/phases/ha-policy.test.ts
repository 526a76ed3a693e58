import { expect, test } from 'vitest';
import { haPolicy } from '../../src/phases/set-ha-policy.js';

test('mirrors everywhere, or on so many nodes; only a synchronised one is promoted', () => {
  expect(haPolicy({ mode: 'all' })).toEqual({
    name: 'ha-all',
    body: {
      pattern: '^(?!amq\\.)',
      'apply-to': 'queues',
      priority: 0,
      definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic', 'ha-promote-on-failure': 'when-synced' },
    },
  });
  expect(haPolicy({ mode: 'exactly', count: 2 })).toMatchObject({
    name: 'ha-exactly',
    body: { definition: { 'ha-mode': 'exactly', 'ha-params': 2 } },
  });
});

test("the pattern leaves the broker's own queues alone", () => {
  const pattern = new RegExp(haPolicy({ mode: 'all' }).body.pattern);
  expect(['hello', 'amqp', 'x.amq.y'].every((name) => pattern.test(name))).toBe(true);
  expect(pattern.test('amq.gen-1')).toBe(false);
});
