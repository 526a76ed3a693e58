import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest } from '../../src/errors/suggestion.js';

test('a slip of the hand finds its word; something else finds none', () => {
  expect(nearest('polcies', ['plugins', 'policies', 'ports'])).toBe('policies');
  expect(nearest('chekc', ['check', 'cookie'])).toBe('check');
  expect(nearest('UP', ['up', 'ps'])).toBe('up');
  expect(nearest('elephant', ['plugins', 'policies'])).toBeUndefined();
});

test('the distance is 0 for the same word only, and the same both ways', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
