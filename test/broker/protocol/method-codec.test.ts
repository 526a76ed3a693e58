import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeArguments, encodeMethod } from '../../../src/broker/protocol/method-codec.js';
import {
  type Arguments,
  type Fields,
  type MethodName,
  methodName,
  methods,
} from '../../../src/broker/protocol/methods.js';
import { fieldTable, shortString } from './arbitraries.js';

const domains = {
  bit: fc.boolean(),
  octet: fc.nat(255),
  short: fc.nat(65535),
  long: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  longlong: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  shortstr: shortString,
  longstr: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  table: fieldTable,
};

function argumentsOf(name: MethodName) {
  const fields: Fields = methods[name].fields;
  const each = Object.entries(fields).map(([field, domain]) => [field, domains[domain]]);
  return fc.record(Object.fromEntries(each) as Record<string, fc.Arbitrary<unknown>>);
}

const names = Object.keys(methods) as MethodName[];

describe('methods', () => {
  test.each(names)('%s is decoded as it was encoded', (name) => {
    fc.assert(
      fc.property(argumentsOf(name), fc.nat(65535), (args, channel) => {
        const frame = encodeMethod(channel, name, args as Partial<Arguments<typeof name>>);
        expect(frame.readUInt16BE(1)).toBe(channel);
        expect(frame.readUInt32BE(3)).toBe(frame.length - 8);
        expect(frame[frame.length - 1]).toBe(0xce);
        expect(methodName(frame.readUInt32BE(7))).toBe(name);
        expect({ ...decodeArguments(name, frame, 11, frame.length - 1) }).toEqual({ ...args });
      }),
      { numRuns: 25 },
    );
  });

  test('bits share octets, the first in the lowest bit', () => {
    const frame = encodeMethod(1, 'queue.declare', { queue: 'q', durable: true, nowait: true });
    expect(frame.subarray(7).toString('hex')).toBe('0032000a000001711200000000ce');
  });

  test('arguments cut short or too long are refused in RabbitMQ’s words', () => {
    const payload = Buffer.from([0, 0, 5, 97, 98]);
    expect(() => decodeArguments('queue.declare', payload, 0, 5)).toThrow('cannot decode <<0,0,5,97,98>>');
    expect(() => decodeArguments('channel.open', Buffer.from([0, 9]), 0, 2)).toThrow('cannot decode <<0,9>>');
  });

  test('a short string that is not UTF-8 is refused; one with U+FFFD in it is not', () => {
    const wrong = Buffer.from([2, 0xff, 0xfe]);
    expect(() => decodeArguments('channel.open', wrong, 0, 3)).toThrow('Malformed UTF-8 in shortstr');
    const right = Buffer.from('\x03\ufffd');
    expect(decodeArguments('channel.open', right, 0, 4)).toEqual({ outOfBand: '\ufffd' });
  });

  test('a short string of more than 255 octets is not sent', () => {
    expect(() => encodeMethod(1, 'basic.cancel', { consumerTag: 'ü'.repeat(128) })).toThrow(/at most 255/);
  });
});
