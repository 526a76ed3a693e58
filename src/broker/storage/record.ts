/**
 * Records: how both logs (messages, metadata) frame what they write.
 *
 *   crc32 u32 · magic u16 · type u8 · flags u8 · payload length u32 · payload
 *
 * The checksum covers everything behind it and starts from the number of the file, so that bytes of another
 * file are not taken for this one's. A scan that meets a record whose checksum is wrong looks for the next
 * place where a whole valid record begins: behind a flipped bit the rest is kept, and a tail that was torn by a
 * power cut ends the file.
 */
import { crc32 } from 'node:zlib';

export const HEADER_LENGTH = 12;
/** More than any message may have (128 MiB) and its names; a length beyond it is damage. */
const LONGEST_PAYLOAD = 2 ** 29;
const MAGIC = 0x57a7;
const MAGIC_BYTES = Buffer.from([0x57, 0xa7]);

export interface RecordVisitor {
  record(type: number, flags: number, bytes: Buffer, start: number, end: number): void;
  /** Bytes that are no valid record; `tail` when nothing valid follows them. */
  damage(start: number, end: number, tail: boolean): void;
}

/** Completes the record whose payload is already in place from `start + HEADER_LENGTH` to `end`. */
export function sealRecord(
  bytes: Buffer,
  start: number,
  end: number,
  type: number,
  flags: number,
  seed: number,
): void {
  bytes.writeUInt16BE(MAGIC, start + 4);
  bytes[start + 6] = type;
  bytes[start + 7] = flags;
  bytes.writeUInt32BE(end - start - HEADER_LENGTH, start + 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(start + 4, end), seed), start);
}

/** As `sealRecord`, for a record whose last bytes are `tail`, which is written behind `bytes`. */
export function sealRecordWithTail(
  bytes: Buffer,
  start: number,
  end: number,
  tail: Buffer,
  type: number,
  flags: number,
  seed: number,
): void {
  bytes.writeUInt16BE(MAGIC, start + 4);
  bytes[start + 6] = type;
  bytes[start + 7] = flags;
  bytes.writeUInt32BE(end - start - HEADER_LENGTH + tail.length, start + 8);
  bytes.writeUInt32BE(crc32(tail, crc32(bytes.subarray(start + 4, end), seed)), start);
}

export function makeRecord(type: number, flags: number, payload: Buffer, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_LENGTH + payload.length);
  payload.copy(bytes, HEADER_LENGTH);
  sealRecord(bytes, 0, bytes.length, type, flags, seed);
  return bytes;
}

/** Where the valid record that begins at `start` ends; -1 when there is none. */
export function recordEnd(bytes: Buffer, start: number, end: number, seed: number): number {
  if (start + HEADER_LENGTH > end || bytes.readUInt16BE(start + 4) !== MAGIC) return -1;
  const length = bytes.readUInt32BE(start + 8);
  const stop = start + HEADER_LENGTH + length;
  if (length > LONGEST_PAYLOAD || stop > end) return -1;
  return crc32(bytes.subarray(start + 4, stop), seed) === bytes.readUInt32BE(start) ? stop : -1;
}

export function scanRecords(bytes: Buffer, end: number, seed: number, visitor: RecordVisitor): void {
  let at = 0;
  while (at < end) {
    let stop = recordEnd(bytes, at, end, seed);
    if (stop < 0) {
      const next = nextRecord(bytes, at + 1, end, seed);
      visitor.damage(at, next < 0 ? end : next, next < 0);
      if (next < 0) return;
      at = next;
      stop = recordEnd(bytes, at, end, seed);
    }
    visitor.record(bytes[at + 6] as number, bytes[at + 7] as number, bytes, at, stop);
    at = stop;
  }
}

function nextRecord(bytes: Buffer, from: number, end: number, seed: number): number {
  let magic = bytes.indexOf(MAGIC_BYTES, from + 4);
  while (magic >= 0 && magic < end) {
    if (recordEnd(bytes, magic - 4, end, seed) >= 0) return magic - 4;
    magic = bytes.indexOf(MAGIC_BYTES, magic + 1);
  }
  return -1;
}
