import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../../src/broker/core/message.js';
import {
  decodeEntry,
  decodeMessage,
  encodeEntry,
  encodeMessage,
  entryLength,
  writeEntry,
} from '../../../src/broker/core/message-codec.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

const message = fc.record({
  exchange: fc.string({ unit: 'grapheme', maxLength: 60 }),
  routingKey: fc.string({ unit: 'grapheme', maxLength: 60 }),
  properties: bytes(64),
  body: bytes(300),
  persistent: fc.boolean(),
  priority: fc.integer({ min: 0, max: 255 }),
  expiration: fc.integer({ min: -1, max: 4294967295 }),
});

const entry: fc.Arbitrary<QueueEntry> = fc.record({
  position: fc.maxSafeNat(),
  message,
  expiresAt: fc.oneof(fc.maxSafeNat(), fc.constant(Number.POSITIVE_INFINITY)),
  redelivered: fc.boolean(),
});

describe('message codec', () => {
  it('gives back every entry that it wrote, one behind the other', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const written = Buffer.alloc(entries.reduce((sum, each) => sum + entryLength(each), 0));
        let at = 0;
        for (const each of entries) at = writeEntry(each, written, at);
        expect(at).toBe(written.length);
        at = 0;
        for (const each of entries) {
          const decoded = decodeEntry(written, at);
          expect(decoded.entry).toEqual(each);
          at = decoded.end;
        }
        expect(at).toBe(written.length);
      }),
    );
  });

  it('gives back a message without an entry', () => {
    fc.assert(
      fc.property(message, (each) => {
        expect(decodeMessage(encodeMessage(each)).message).toEqual(each);
      }),
    );
  });

  it('refuses bytes that end too early, wherever they are cut', () => {
    fc.assert(
      fc.property(entry, fc.nat(), (each, cut) => {
        const whole = encodeEntry(each);
        expect(() => decodeEntry(whole.subarray(0, cut % whole.length))).toThrow(RangeError);
      }),
    );
  });
});
