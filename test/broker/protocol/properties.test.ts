import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AmqpError } from '../../../src/broker/protocol/amqp-error.js';
import {
  decodeProperties,
  encodeProperties,
  noProperties,
  type PropertyName,
  property,
  propertyFlags,
  scanProperties,
} from '../../../src/broker/protocol/properties.js';
import { properties } from './arbitraries.js';

describe('content header properties', () => {
  test('whatever was encoded is decoded again', () => {
    fc.assert(
      fc.property(properties, (given) => {
        const bytes = encodeProperties(given);
        expect(decodeProperties(bytes)).toEqual(given);
        expect(encodeProperties(decodeProperties(bytes))).toEqual(bytes);
        for (const name of Object.keys(propertyFlags) as PropertyName[]) {
          expect(property(bytes, name)).toEqual(given[name]);
        }
      }),
    );
  });

  test('a scan agrees with a full decode', () => {
    fc.assert(
      fc.property(properties, (given) => {
        const scan = scanProperties(encodeProperties(given));
        expect(scan.persistent).toBe(given.deliveryMode === 2);
        expect(scan.priority).toBe(given.priority ?? 0);
        expect((scan.flags & propertyFlags.userId) !== 0).toBe(given.userId !== undefined);
      }),
    );
  });

  test.each([
    ['0', 0],
    ['60000', 60000],
    ['315360000000', 315360000000],
    ['315360000001', Number.NaN],
    ['-1', Number.NaN],
    ['1.5', Number.NaN],
    ['', Number.NaN],
  ])('expiration %j is %d ms', (expiration, expected) => {
    expect(scanProperties(encodeProperties({ expiration })).expiration).toBe(expected);
  });

  test('nothing set is two octets', () => {
    expect(encodeProperties({})).toEqual(noProperties);
    expect(scanProperties(noProperties)).toEqual({
      persistent: false,
      priority: 0,
      expiration: -1,
      flags: 0,
    });
  });

  test('every cut, and every addition, of a full list is refused', () => {
    const bytes = encodeProperties({
      contentType: 'text/plain',
      headers: [{ key: 'k', type: 'I', value: 1 }],
      deliveryMode: 2,
      timestamp: 1,
      clusterId: 'c',
    });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => scanProperties(bytes.subarray(0, length))).toThrow(AmqpError);
    }
    expect(() => scanProperties(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(AmqpError);
  });

  test('the two flag bits without a property are let pass, and kept', () => {
    expect(scanProperties(Buffer.from([0, 3])).flags).toBe(3);
  });
});
