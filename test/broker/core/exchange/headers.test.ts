import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadersIndex } from '../../../../src/broker/core/exchange/headers.js';
import { checkBinding } from '../../../../src/broker/core/metadata/validation/exchange-arguments.js';
import type { FieldTable } from '../../../../src/broker/protocol/field-table.js';
import { binding, routed } from './binding.js';

const text = (key: string, value: string) => ({ key, type: 'S', value }) as const;
const headers: FieldTable = [text('a', '1'), { key: 'n', type: 'I', value: 2 }, text('x-b', '3')];

test.each<[string, FieldTable, boolean]>([
  [
    'all: every header equal',
    [text('x-match', 'all'), text('a', '1'), { key: 'n', type: 'b', value: 2 }],
    true,
  ],
  ['all: one differs', [text('x-match', 'all'), text('a', '1'), { key: 'n', type: 'I', value: 3 }], false],
  ['all: one absent', [text('a', '1'), text('z', '1')], false],
  ['all is the default', [text('a', '1')], true],
  ['all: nothing asked for', [], true],
  ['any: one of two', [text('x-match', 'any'), text('a', '0'), { key: 'n', type: 'I', value: 2 }], true],
  ['any: none', [text('x-match', 'any'), text('a', '0')], false],
  ['any: nothing asked for', [text('x-match', 'any')], false],
  ['a void asks only for presence', [{ key: 'n', type: 'V', value: null }], true],
  ['a number is not a string', [text('n', '2')], false],
  ['a number is the same in whichever type', [{ key: 'n', type: 'd', value: 2 }], true],
  ['x- headers are left out', [text('x-b', 'other')], true],
  ['all-with-x takes them in', [text('x-match', 'all-with-x'), text('x-b', 'other')], false],
  ['any-with-x takes them in', [text('x-match', 'any-with-x'), text('x-b', '3')], true],
])('%s', (_name, args, matches) => {
  const index = new HeadersIndex<string>();
  index.add(binding('', 'q', args), 'q');
  expect(routed(index, '', headers)).toEqual(matches ? ['q'] : []);
});

test('an unknown x-match is refused', () => {
  const flags = { durable: true, autoDelete: false, internal: false };
  const source = { vhost: '/', name: 'h', type: 'headers', arguments: [], ...flags };
  expect(() => checkBinding(source, '', [text('x-match', 'some')])).toThrow(
    'Invalid x-match field value <<"some">>; expected all, any, all-with-x, or any-with-x',
  );
  expect(() => checkBinding(source, '', [{ key: 'x-match', type: 'b', value: 5 }])).toThrow(
    'Invalid x-match field type byte (value 5); expected longstr',
  );
  expect(() => checkBinding(source, '', [text('x-match', 'any-with-x')])).not.toThrow();
});

test('many bindings that come and go match as each would alone', () => {
  const names = fc.constantFrom('a', 'b', 'x-c');
  const fieldOf = fc.oneof(
    fc.record({ key: names, type: fc.constant('S' as const), value: fc.constantFrom('1', '2') }),
    fc.record({
      key: names,
      type: fc.constantFrom('I' as const, 'd' as const),
      value: fc.constantFrom(1, 2),
    }),
    fc.record({ key: names, type: fc.constant('V' as const), value: fc.constant(null) }),
    fc.record({ key: names, type: fc.constant('t' as const), value: fc.boolean() }),
  );
  const pattern = fc
    .tuple(
      fc.constantFrom('all', 'any', 'all-with-x', 'any-with-x'),
      fc.uniqueArray(fieldOf, { selector: ({ key }) => key }),
    )
    .map(([match, fields]): FieldTable => [text('x-match', match), ...fields]);
  const sent = fc.uniqueArray(fieldOf, { selector: ({ key }) => key });
  const steps = fc.array(fc.tuple(fc.nat(5), pattern, fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(steps, sent, (changes, table) => {
      const index = new HeadersIndex<string>();
      const bound = new Map<string, ReturnType<typeof binding>>();
      for (const [queue, args, add] of changes) {
        const row = binding('', `q${queue}`, args);
        const key = JSON.stringify(row);
        if (add) index.add(row, key);
        else index.remove(row);
        if (add) bound.set(key, row);
        else bound.delete(key);
        const alone = [...bound].filter(([name, each]) => {
          const one = new HeadersIndex<string>();
          one.add(each, name);
          return routed(one, '', table).length > 0;
        });
        expect([...new Set(routed(index, '', table))].sort()).toEqual(alone.map(([name]) => name).sort());
      }
    }),
  );
});
