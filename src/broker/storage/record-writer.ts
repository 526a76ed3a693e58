/**
 * Gathers the records of one batch in a few blocks of memory for one gathered write. The first blocks are kept
 * and used again for the next batch: only one batch is written at a time.
 */
import { HEADER_LENGTH, sealRecord, sealRecordWithTail } from './record.js';

const BLOCK = 256 * 1024;
const KEPT_BLOCKS = 4;

export class RecordWriter {
  /** The block that the record begun last is in. */
  bytes: Buffer = Buffer.alloc(0);
  /** Length of all records so far. */
  total = 0;
  #seed = 0;
  #used = 0;
  #end = 0;
  readonly #blocks: Buffer[] = [];
  #parts: Buffer[] = [];

  reset(seed: number): void {
    this.#seed = seed;
    this.total = 0;
    this.#used = 0;
    this.#end = 0;
    this.#parts = [];
    this.bytes = this.#block(0);
  }

  /** Makes room for a record with a payload of `length`; answers where in `bytes` the payload goes. */
  begin(length: number): number {
    const needed = HEADER_LENGTH + length;
    if (this.#end + needed > this.bytes.length) this.#nextBlock(needed);
    return this.#end + HEADER_LENGTH;
  }

  /** Completes the record begun last; answers its whole length. */
  end(length: number, type: number, flags: number): number {
    const start = this.#end;
    const whole = HEADER_LENGTH + length;
    this.#end = start + whole;
    sealRecord(this.bytes, start, this.#end, type, flags, this.#seed);
    this.total += whole;
    return whole;
  }

  /** Completes the record begun last, whose last bytes are `tail`: they are not copied. */
  endWithTail(length: number, tail: Buffer, type: number, flags: number): number {
    const start = this.#end;
    const end = start + HEADER_LENGTH + length;
    sealRecordWithTail(this.bytes, start, end, tail, type, flags, this.#seed);
    this.#end = end;
    this.#closePart();
    this.#parts.push(tail);
    const whole = HEADER_LENGTH + length + tail.length;
    this.total += whole;
    return whole;
  }

  add(type: number, flags: number, payload: Buffer): number {
    const at = this.begin(payload.length);
    payload.copy(this.bytes, at);
    return this.end(payload.length, type, flags);
  }

  /** What to write; valid until `reset`. */
  parts(): Buffer[] {
    this.#closePart();
    return this.#parts;
  }

  #nextBlock(needed: number): void {
    this.#closePart();
    this.bytes = needed > BLOCK ? Buffer.allocUnsafeSlow(needed) : this.#block(this.#used);
    this.#end = 0;
  }

  #closePart(): void {
    if (this.#end > 0) this.#parts.push(this.bytes.subarray(0, this.#end));
    this.bytes = this.bytes.subarray(this.#end);
    this.#end = 0;
  }

  #block(index: number): Buffer {
    this.#used = index + 1;
    const kept = this.#blocks[index];
    if (kept !== undefined) return kept;
    const block = Buffer.allocUnsafeSlow(index === 0 ? BLOCK / 4 : BLOCK);
    if (index < KEPT_BLOCKS) this.#blocks[index] = block;
    return block;
  }
}
