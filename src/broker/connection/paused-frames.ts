/**
 * Frames that wait while a channel is paused. More than a little of them, and the socket is not read any
 * further until they are done.
 */
import type { Reading } from './reading.js';

const much = 1024 * 1024;

export class PausedFrames {
  active = false;
  #frames: { type: number; payload: Buffer }[] = [];
  #octets = 0;
  #asking = true;
  #afterwards: (() => void)[] = [];
  #whenIdle: (() => void)[] = [];

  constructor(private readonly reading: Reading) {}

  begin(): void {
    this.active = true;
  }

  push(type: number, payload: Buffer): void {
    this.#frames.push({ type, payload });
    this.#octets += payload.length;
    if (!this.#asking || this.#octets < much) return;
    this.#asking = false;
    this.reading.pause();
  }

  /** Runs `act` behind the method that the channel is busy with; at once when it is not. */
  behind(act: () => void): void {
    if (this.active) this.#afterwards.push(act);
    else act();
  }

  /** Resolves when nothing is being done and nothing waits. */
  idle(): Promise<void> {
    if (!this.active) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Hands on what waited, until all is done or the channel is paused again. */
  drain(handle: (type: number, payload: Buffer) => void): void {
    this.active = false;
    for (const act of this.#afterwards.splice(0)) act();
    const frames = this.#frames;
    let index = 0;
    while (index < frames.length && !this.active) {
      const { type, payload } = frames[index++]!;
      this.#octets -= payload.length;
      handle(type, payload);
    }
    frames.splice(0, index);
    if (!this.active) for (const resolve of this.#whenIdle.splice(0)) resolve();
    if (this.#asking || this.#octets >= much) return;
    this.#asking = true;
    this.reading.resume();
  }
}
