/**
 * What one connection sends. Frames are written straight into a buffer lent by the flush loop; `reserve` gives
 * room for a whole frame, so that writers need no bounds of their own. The buffer goes out when it is full or at
 * the end of the turn, in one write. Bodies that are large are not copied but written beside the buffer.
 *
 * `congested` turns true when the far side reads more slowly than we write, and `onDrain` is called when it
 * has caught up: that is the backpressure that stops deliveries.
 */
import type { Duplex } from 'node:stream';
import { type FlushLoop, largeBuffer, smallBuffer } from './flush-loop.js';

/** Above it a copy costs more than a write of its own. */
export const largestCopiedBody = 32 * 1024;
const congestedAt = 512 * 1024;

export class Output {
  /** The buffer to write into, valid from `position` on after `reserve`. */
  buffer: Buffer = nothing;
  position = 0;
  congested = false;
  octets = 0;
  writes = 0;
  #closed = false;

  constructor(
    private readonly stream: Duplex,
    private readonly loop: FlushLoop,
    private readonly enlist: () => void,
    private readonly onDrain: () => void,
  ) {
    stream.on('drain', () => this.#drained());
  }

  get pending(): number {
    return this.stream.writableLength;
  }

  /** Makes room for `size` octets at `position` of `buffer`. */
  reserve(size: number): void {
    if (this.buffer.length - this.position >= size) return;
    this.#makeRoom(size);
  }

  write(bytes: Buffer): void {
    this.reserve(bytes.length);
    bytes.copy(this.buffer, this.position);
    this.position += bytes.length;
  }

  /** A part of a body, which will not change: copied when small, handed to the socket as it is when large. */
  writeBody(body: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length <= largestCopiedBody) {
      this.reserve(length);
      body.copy(this.buffer, this.position, start, end);
      this.position += length;
      return;
    }
    this.flush();
    this.#send(length === body.length ? body : body.subarray(start, end));
  }

  flush(): void {
    if (this.position === 0) return;
    const { buffer } = this;
    const filled = buffer.subarray(0, this.position);
    this.buffer = nothing;
    this.position = 0;
    // It may be written over once the kernel has taken all of it.
    this.#send(filled, () => this.loop.give(buffer));
  }

  /** Nothing more is sent. */
  close(): void {
    this.#closed = true;
    this.buffer = nothing;
    this.position = 0;
  }

  #makeRoom(size: number): void {
    const held = this.buffer;
    if (held === nothing) {
      this.enlist();
      this.buffer = this.#allocate(size);
      return;
    }
    if (held.length === smallBuffer && this.position + size <= largeBuffer) {
      const larger = this.loop.take(largeBuffer);
      held.copy(larger, 0, 0, this.position);
      this.loop.give(held);
      this.buffer = larger;
      return;
    }
    this.flush();
    this.enlist();
    this.buffer = this.#allocate(Math.max(size, smallBuffer + 1));
  }

  #allocate(size: number): Buffer {
    if (size <= smallBuffer) return this.loop.take(smallBuffer);
    return size <= largeBuffer ? this.loop.take(largeBuffer) : Buffer.allocUnsafeSlow(size);
  }

  #send(bytes: Buffer, taken?: () => void): void {
    if (this.#closed || this.stream.destroyed) return;
    this.octets += bytes.length;
    this.writes++;
    this.stream.write(bytes, taken);
    if (this.stream.writableLength > congestedAt) this.congested = true;
  }

  #drained(): void {
    if (!this.congested) return;
    this.congested = false;
    this.onDrain();
  }
}

const nothing = Buffer.alloc(0);
