/** What PCRE makes of the same patterns is asked in test/twin/management-routes.test.ts. */
import { expect, it } from 'vitest';
import { fromPcre } from '../../../src/broker/core/pcre.js';

it.each([
  ['(?i)^AMQ', 'amq.topic', true],
  ['^(?i)amq', 'x.AMQ', false],
  ['^[[:alpha:]]+$', 'abc', true],
  ['^[[:alpha:]]+$', 'ab1', false],
  ['^[^[:digit:]x]+$', 'a1', false],
  ['^[]a]+$', ']a]', true],
  ['^[^]]$', ']', false],
  ['\\Aa\\z', 'a', true],
  ['a(?#no matter)b', 'ab', true],
  ['(?P<x>a)b', 'ab', true],
  ['\\[[:alpha:]]', '[a]', true],
])('%s, tried on %s: %s', (pattern, name, matches) => {
  expect(fromPcre(pattern).test(name)).toBe(matches);
});

it('refuses what only PCRE has', () => {
  for (const pattern of ['a++', '(?>a)', '(?x)a b', 'a(?i)b', '(?R)'])
    expect(() => fromPcre(pattern)).toThrow(SyntaxError);
});
