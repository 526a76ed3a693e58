import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AmqpError } from '../../../src/broker/protocol/amqp-error.js';
import { decodeFieldTable, encodeFieldTable } from '../../../src/broker/protocol/field-table-codec.js';
import { fieldTable } from './arbitraries.js';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('field tables', () => {
  test('whatever was encoded is decoded again, and encodes to the same bytes', () => {
    fc.assert(
      fc.property(fieldTable, (table) => {
        const encoded = encodeFieldTable(table);
        const decoded = decodeFieldTable(encoded);
        expect(decoded).toEqual(table);
        expect(encodeFieldTable(decoded)).toEqual(encoded);
      }),
    );
  });

  test.each([
    ['t', [1], true],
    ['t', [7], true],
    ['b', [0xff], -1],
    ['B', [0xff], 255],
    ['s', [0xff, 0xfe], -2],
    ['u', [0xff, 0xfe], 65534],
    ['I', [0xff, 0xff, 0xff, 0xff], -1],
    ['i', [0xff, 0xff, 0xff, 0xff], 4294967295],
    ['l', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -1],
    ['l', [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 2n ** 63n - 1n],
    ['T', [0, 0, 0, 0, 0, 0, 1, 0], 256],
    ['f', [0x3f, 0x80, 0, 0], 1],
    ['d', [0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
    ['D', [2, 0, 0, 1, 0], { scale: 2, unscaled: 256 }],
    ['S', [0, 0, 0, 2, 0x68, 0x69], 'hi'],
    ['x', [0, 0, 0, 1, 0xff], Buffer.from([0xff])],
    ['V', [], null],
    ['A', [0, 0, 0, 2, 0x74, 0], [{ type: 't', value: false }]],
  ])('type %s is read as RabbitMQ reads it', (type, value, expected) => {
    expect(decodeFieldTable(bytes([1], 'k', type, value))).toEqual([{ key: 'k', type, value: expected }]);
  });

  test('type L is another word for l', () => {
    const long = bytes([1], 'kL', [0, 0, 0, 0, 0, 0, 0, 5]);
    expect(decodeFieldTable(long)).toEqual([{ key: 'k', type: 'l', value: 5 }]);
  });

  test.each([
    ['an unknown type', bytes([1], 'k?', [1])],
    ['a name longer than the table', bytes([9], 'k')],
    ['a name without a type', bytes([1], 'k')],
    ['a value cut short', bytes([1], 'kI', [0, 0])],
    ['a string longer than the table', bytes([1], 'kS', [0, 0, 1, 0], 'x')],
    ['an inner table longer than the outer', bytes([1], 'kF', [0, 0, 0, 9], [1], 'at', [1])],
    ['an array item that overruns the array', bytes([1], 'kA', [0, 0, 0, 2], 'I', [0, 0, 0, 0])],
  ])('%s is a SYNTAX_ERROR', (_what, malformed) => {
    expect(() => decodeFieldTable(malformed)).toThrow(AmqpError);
  });

  test('nesting without end is refused before the stack is exhausted', () => {
    const levels = 20_000;
    const deep = Buffer.alloc(2 + levels * 5);
    deep.write('\x01k');
    for (let level = 0; level < levels; level++) {
      deep.write('A', 2 + level * 5);
      deep.writeUInt32BE((levels - level - 1) * 5, 3 + level * 5);
    }
    expect(() => decodeFieldTable(deep)).toThrow(/nested deeper/);
  });

  test('decoding keeps to its part of a larger buffer', () => {
    const inner = encodeFieldTable([{ key: 'k', type: 'S', value: 'v' }]);
    const framed = Buffer.concat([Buffer.from('junk'), inner, Buffer.from('junk')]);
    expect(decodeFieldTable(framed, 4, 4 + inner.length)).toEqual([{ key: 'k', type: 'S', value: 'v' }]);
    expect(() => decodeFieldTable(framed, 4, 4 + inner.length - 1)).toThrow(AmqpError);
  });
});
