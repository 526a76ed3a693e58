import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest } from '../../src/errors/suggestion.js';

test('a slip of the hand finds its word; something else finds none', () => {
  expect(nearest('polcies', ['plugins', 'policies', 'ports'])).toBe('policies');
  expect(nearest('UP', ['up', 'ps'])).toBe('up');
  expect(nearest('elephant', ['plugins', 'policies'])).toBeUndefined();
});

test('the distance is a metric', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});
