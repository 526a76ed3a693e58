/**
 * What waits to be written on one link. Frames of one tick are laid side by side in blocks and leave in one
 * gathered write; a large tail (a message's body) is not copied. A block is only ever written forward, never
 * again, so what the socket still holds of it stays valid.
 */
import type { Socket } from 'node:net';
import { type FrameType, headerSize } from './frame.js';

const blockSize = 16 * 1024;
/** Tails up to this size are cheaper to copy than to write on their own. */
const copied = 4096;

export class Outbox {
  readonly #socket: Socket;
  #block = Buffer.alloc(0);
  #from = 0;
  #to = 0;
  #ready: Buffer[] = [];
  #scheduled = false;
  /** Bytes that the socket did not take yet. */
  #pending = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The block in which the payload reserved last is to be written. */
  get block(): Buffer {
    return this.#block;
  }

  /** Bytes not yet handed to the kernel: who produces without end looks at it. */
  get backlog(): number {
    return this.#pending + this.#socket.writableLength;
  }

  /** Room for a frame of `length` payload bytes, `tail` after them; answers where in `block` the payload goes. */
  reserve(type: FrameType, length: number, tail?: Buffer): number {
    const tailLength = tail?.length ?? 0;
    const inline = tailLength <= copied;
    const size = headerSize + length + (inline ? tailLength : 0);
    if (this.#block.length - this.#to < size) this.#grow(size);
    const at = this.#to;
    this.#to += size;
    this.#pending += size;
    this.#block.writeUInt32BE(1 + length + tailLength, at);
    this.#block[at + 4] = type;
    if (tail !== undefined && tailLength > 0) {
      if (inline) tail.copy(this.#block, at + headerSize + length);
      else this.#append(tail);
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.flush());
    }
    return at + headerSize;
  }

  flush(): void {
    this.#scheduled = false;
    this.#cut();
    const ready = this.#ready;
    if (ready.length === 0) return;
    this.#ready = [];
    this.#pending = 0;
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (ready.length === 1) {
      this.#socket.write(ready[0] as Buffer);
      return;
    }
    this.#socket.cork();
    for (const part of ready) this.#socket.write(part);
    this.#socket.uncork();
  }

  #append(tail: Buffer): void {
    this.#cut();
    this.#ready.push(tail);
    this.#pending += tail.length;
  }

  #cut(): void {
    if (this.#to > this.#from) this.#ready.push(this.#block.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }

  #grow(size: number): void {
    this.#cut();
    this.#block = Buffer.allocUnsafeSlow(Math.max(blockSize, size));
    this.#from = 0;
    this.#to = 0;
  }
}
