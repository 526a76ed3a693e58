/**
 * Cuts a stream of chunks into frames without copying. Frames that lie whole in a chunk are handed on as
 * offsets into it; only a frame that straddles chunks is put together in a buffer of its own size, so a chunk
 * is never kept because of its tail. Paused (also from within a frame), it keeps what is left of the chunk.
 */
import { emptyFrameSize, frameEnd, frameHeaderSize } from './frame.js';

export interface FrameSink {
  /** The payload is `bytes` from `start` to `end`. Answers false to stop reading (nothing more is delivered). */
  frame(type: number, channel: number, bytes: Buffer, start: number, end: number): boolean;
  /** Called before the payload is awaited, so that no memory is reserved for it; reading stops. */
  frameTooLarge(type: number, channel: number, size: number): void;
  badFrameEnd(type: number, channel: number, bytes: Buffer, start: number, end: number, octet: number): void;
}

export class FrameReader {
  /** Largest payload let through. */
  largestPayload: number;
  #partial: Buffer | null = null;
  #filled = 0;
  #stopped = false;
  #paused = false;
  #held: Buffer[] = [];

  constructor(
    private readonly sink: FrameSink,
    largestPayload: number,
  ) {
    this.largestPayload = largestPayload;
  }

  stop(): void {
    this.#stopped = true;
    this.#partial = null;
    this.#held = [];
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const chunk of this.#held.splice(0)) this.push(chunk);
  }

  push(chunk: Buffer): void {
    if (this.#stopped) return;
    if (this.#paused) {
      this.#held.push(chunk);
      return;
    }
    let offset = this.#partial === null ? 0 : this.#complete(chunk);
    const end = chunk.length;
    while (!this.#stopped && !this.#paused && end - offset >= frameHeaderSize) {
      const size = this.#payloadSize(chunk, offset);
      if (size < 0) return;
      const next = offset + size + emptyFrameSize;
      if (next > end) break;
      if (!this.#deliver(chunk, offset, size)) return;
      offset = next;
    }
    if (this.#stopped || offset >= end) return;
    if (this.#paused) this.#held.push(chunk.subarray(offset));
    else this.#keep(chunk, offset);
  }

  /** Fills the straddling frame from the chunk; answers with the offset behind what was taken. */
  #complete(chunk: Buffer): number {
    let partial = this.#partial!;
    let taken = 0;
    if (this.#filled < frameHeaderSize) {
      taken = this.#fill(partial, frameHeaderSize, chunk, 0);
      if (this.#filled < frameHeaderSize) return taken;
      partial = this.#grow(partial);
      if (this.#stopped) return taken;
    }
    taken = this.#fill(partial, partial.length, chunk, taken);
    if (this.#filled < partial.length) return taken;
    this.#partial = null;
    this.#filled = 0;
    this.#deliver(partial, 0, partial.length - emptyFrameSize);
    return taken;
  }

  #fill(partial: Buffer, until: number, chunk: Buffer, from: number): number {
    const copied = chunk.copy(partial, this.#filled, from, from + until - this.#filled);
    this.#filled += copied;
    return from + copied;
  }

  #keep(chunk: Buffer, offset: number): void {
    const rest = chunk.length - offset;
    const size = rest < frameHeaderSize ? -1 : chunk.readUInt32BE(offset + 3);
    this.#partial = Buffer.allocUnsafe(size < 0 ? frameHeaderSize : size + emptyFrameSize);
    this.#filled = chunk.copy(this.#partial, 0, offset);
  }

  /** The frame's header is complete: makes room for the whole frame. */
  #grow(header: Buffer): Buffer {
    const size = this.#payloadSize(header, 0);
    if (size < 0) return header;
    const whole = Buffer.allocUnsafe(size + emptyFrameSize);
    header.copy(whole);
    this.#partial = whole;
    return whole;
  }

  #payloadSize(bytes: Buffer, offset: number): number {
    const size =
      bytes[offset + 3]! * 0x1000000 +
      ((bytes[offset + 4]! << 16) | (bytes[offset + 5]! << 8) | bytes[offset + 6]!);
    if (size <= this.largestPayload) return size;
    this.stop();
    this.sink.frameTooLarge(bytes[offset]!, (bytes[offset + 1]! << 8) | bytes[offset + 2]!, size);
    return -1;
  }

  #deliver(bytes: Buffer, offset: number, size: number): boolean {
    const type = bytes[offset]!;
    const channel = (bytes[offset + 1]! << 8) | bytes[offset + 2]!;
    const start = offset + frameHeaderSize;
    const end = start + size;
    if (bytes[end] !== frameEnd) {
      this.stop();
      this.sink.badFrameEnd(type, channel, bytes, start, end, bytes[end]!);
      return false;
    }
    if (this.sink.frame(type, channel, bytes, start, end)) return true;
    this.stop();
    return false;
  }
}
