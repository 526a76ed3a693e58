import fc from 'fast-check';
import type { Field, FieldTable, FieldValue } from '../../../src/broker/protocol/field-table.js';
import type { Properties } from '../../../src/broker/protocol/properties.js';

export const shortString = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => Buffer.byteLength(text) <= 255);

const of = <T extends FieldValue['type'], V>(type: T, value: fc.Arbitrary<V>) =>
  value.map((it) => ({ type, value: it }) as unknown as FieldValue);

const narrow = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
const signed64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(narrow);
const unsigned64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(narrow);
const buffer = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const notUtf8 = buffer.map((bytes) => Buffer.concat([Buffer.from([0xff]), bytes]));

export const { table: fieldTable } = fc.letrec<{ value: FieldValue; table: FieldTable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    of('t', fc.boolean()),
    of('b', fc.integer({ min: -128, max: 127 })),
    of('B', fc.integer({ min: 0, max: 255 })),
    of('s', fc.integer({ min: -32768, max: 32767 })),
    of('u', fc.integer({ min: 0, max: 65535 })),
    of('I', fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    of('i', fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    of('l', signed64),
    of('T', unsigned64),
    of('f', fc.float()),
    of('d', fc.double()),
    of('D', fc.record({ scale: fc.nat(255), unscaled: fc.integer({ min: 0, max: 2 ** 32 - 1 }) })),
    of('S', fc.oneof(fc.string({ unit: 'grapheme' }), notUtf8)),
    of('x', buffer),
    of('V', fc.constant(null)),
    of('A', fc.array(tie('value'), { maxLength: 4 })),
    of('F', tie('table')),
  ),
  table: fc.array(
    fc.tuple(shortString, tie('value')).map(([key, value]) => ({ ...value, key }) as Field),
    { maxLength: 5 },
  ),
}));

export const properties: fc.Arbitrary<Properties> = fc.record(
  {
    contentType: shortString,
    contentEncoding: shortString,
    headers: fieldTable,
    deliveryMode: fc.constantFrom(1, 2),
    priority: fc.nat(255),
    correlationId: shortString,
    replyTo: shortString,
    expiration: shortString,
    messageId: shortString,
    timestamp: unsigned64,
    type: shortString,
    userId: shortString,
    appId: shortString,
    clusterId: shortString,
  },
  { requiredKeys: [] },
);
