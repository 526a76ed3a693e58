import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TopicIndex } from '../../../../src/broker/core/exchange/topic.js';
import { binding, routed } from './binding.js';

/** The rule itself, word by word, with no regard for cost. */
function naive(pattern: string[], key: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return key.length === 0;
  if (first === '#') return naive(rest, key) || (key.length > 0 && naive(pattern, key.slice(1)));
  return key.length > 0 && (first === '*' || first === key[0]) && naive(rest, key.slice(1));
}

const split = (key: string) => (key === '' ? [] : key.split('.'));
const word = fc.constantFrom('a', 'b', 'c', '');
const pattern = fc
  .array(fc.oneof(word, fc.constantFrom('*', '#')), { maxLength: 6 })
  .map((all) => all.join('.'));
const key = fc.array(word, { maxLength: 6 }).map((all) => all.join('.'));

describe('topic index', () => {
  test('matches what the rule matches, after any additions and removals', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 12 }),
        fc.array(fc.nat()),
        key,
        (patterns, removals, routingKey) => {
          const index = new TopicIndex<string>();
          const bound = new Set(patterns);
          for (const each of patterns) index.add(binding(each, each), each);
          routed(index, routingKey);
          for (const removal of removals) {
            const each = patterns[removal % Math.max(patterns.length, 1)];
            if (each === undefined) continue;
            index.remove(binding(each, each));
            bound.delete(each);
          }
          const expected = [...bound].filter((each) => naive(split(each), split(routingKey))).sort();
          expect(routed(index, routingKey)).toEqual(expected);
          expect(index.size).toBe(bound.size);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['#', '', true],
    ['*', '', false],
    ['*.*', '.', true],
    ['a.*', 'a.', true],
    ['#.a.#', 'b.a.c', true],
    ['a.#.b', 'a.b', true],
  ])('%s and %s: %s', (pattern, routingKey, matches) => {
    const index = new TopicIndex<string>();
    index.add(binding(pattern, 'q'), 'q');
    expect(routed(index, routingKey)).toEqual(matches ? ['q'] : []);
  });

  test('many # in a row stay cheap', () => {
    const index = new TopicIndex<string>();
    index.add(binding(Array(12).fill('#.a').join('.'), 'q'), 'q');
    expect(routed(index, Array(60).fill('a').join('.'))).toEqual(['q']);
  });

  test('a binding that is taken away leaves no node behind', () => {
    const index = new TopicIndex<string>();
    index.add(binding('a.b.c', 'q'), 'q');
    index.add(binding('a.b', 'r'), 'r');
    index.remove(binding('a.b.c', 'q'));
    expect(routed(index, 'a.b.c')).toEqual([]);
    expect(routed(index, 'a.b')).toEqual(['r']);
  });
});
