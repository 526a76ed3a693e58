import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matching, Pattern } from '../../../src/broker/core/pattern.js';

const hostile = `${'a'.repeat(60)}!`;

describe('a pattern that a user wrote', () => {
  it('matches anywhere in the name, as its regular expression does', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\.', '(a|b)', '(?!a)', '(?=b)', '(?:ab)');
    const part = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}')).map((both) => both.join(''));
    const source = fc
      .tuple(fc.constantFrom('', '^'), fc.array(part, { maxLength: 4 }), fc.constantFrom('', '$'))
      .map(([start, parts, end]) => start + parts.join('') + end);
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', 'q'), maxLength: 8 });
    fc.assert(
      fc.property(source, name, (text, tried) => {
        expect(new Pattern(text).test(tried)).toBe(new RegExp(text).test(tried));
      }),
      { numRuns: 300 },
    );
  });

  it.each(['^(a+)+$', '^(a|aa)*$', '^(a*)*b$', '^(?:a?){60}a{60}$'])(
    '%s is tried in linear time',
    (source) => {
      expect(new Pattern(source).test(hostile)).toBe(false);
      expect(new Pattern(source.replace('$', '')).test(`${'a'.repeat(60)}b`)).toBe(true);
    },
  );

  it.each(['^(?!b)(a+)+$', '^(a+)+\\1$', '^(?!x)(a|aa)*$', '(?!b)a?a?a?a?(a*)*$'])(
    '%s, which has no engine of linear time, does not hold the node up',
    (source) => {
      const pattern = new Pattern(source);
      for (let count = 0; count < 1000; count++) expect(pattern.test(hostile)).toBe(false);
    },
  );

  it('says so where many names take too long', () => {
    expect(matching(/^(a+)+$/iu, [hostile])).toBeNull();
    expect(matching(/^q/iu, ['Q1', 'x'])).toEqual([true, false]);
  });

  it('is refused when it is none', () => {
    expect(() => new Pattern('(')).toThrow(SyntaxError);
  });
});
