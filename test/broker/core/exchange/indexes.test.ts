import { expect, test } from 'vitest';
import { DirectIndex } from '../../../../src/broker/core/exchange/direct.js';
import { FanoutIndex } from '../../../../src/broker/core/exchange/fanout.js';
import { binding, routed } from './binding.js';

test('direct: a queue bound with several keys gets what each of them matches, once', () => {
  const index = new DirectIndex<string>();
  index.add(binding('info', 'q'), 'q');
  index.add(binding('error', 'q'), 'q');
  index.add(binding('error', 'r'), 'r');
  index.add(binding('error', 'r', [{ key: 'k', type: 'S', value: 'v' }]), 'r');
  expect(index.size).toBe(4);
  expect(routed(index, 'info')).toEqual(['q']);
  expect(routed(index, 'error')).toEqual(['q', 'r']);
  expect(routed(index, 'warning')).toEqual([]);
});

test('direct: of two bindings to one queue that differ in their arguments, one may go', () => {
  const index = new DirectIndex<string>();
  const other = binding('k', 'q', [{ key: 'k', type: 'S', value: 'v' }]);
  index.add(binding('k', 'q'), 'q');
  index.add(other, 'q');
  index.remove(other);
  index.remove(other);
  expect(routed(index, 'k')).toEqual(['q']);
  expect(index.size).toBe(1);
});

test('fanout: every destination, whatever the key', () => {
  const index = new FanoutIndex<string>();
  index.add(binding('a', 'q'), 'q');
  index.add(binding('b', 'r'), 'r');
  index.remove(binding('a', 'q'));
  expect(routed(index, 'anything')).toEqual(['r']);
});
