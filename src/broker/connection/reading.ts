/**
 * Whether a connection's socket is read. Several may want it not to be (an alarm, a channel with too much
 * waiting): it is read again when none does. Frames that were read already wait in the frame reader.
 */
import type { Duplex } from 'node:stream';
import type { FrameReader } from '../protocol/frame-reader.js';

export class Reading {
  #pauses = 0;

  constructor(
    private readonly stream: Duplex,
    private readonly reader: FrameReader,
  ) {}

  get paused(): boolean {
    return this.#pauses > 0;
  }

  pause(): void {
    if (this.#pauses++ > 0) return;
    this.reader.pause();
    this.stream.pause();
  }

  resume(): void {
    if (this.#pauses > 0 && --this.#pauses === 0) this.#readOn();
  }

  /** Whoever paused it: the connection is closing, and the answer is waited for. */
  force(): void {
    if (this.#pauses === 0) return;
    this.#pauses = 0;
    this.#readOn();
  }

  #readOn(): void {
    this.stream.resume();
    this.reader.resume();
  }
}
