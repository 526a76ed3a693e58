import type { Clock } from '../ports.js';

/** One alarm on a clock, set anew as often as needed. */
export class Timer {
  #cancel: (() => void) | null = null;
  #due = Number.POSITIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** Milliseconds since 1970; Infinity when it is not set. After it has rung, when it was to. */
  get due(): number {
    return this.#due;
  }

  /** At a time; one that is set for it or earlier stays (whoever is called too early looks again). */
  at(time: number): void {
    if (this.#cancel !== null && this.#due <= time) return;
    this.restart(Math.max(0, time - this.clock.now()));
  }

  restart(ms: number): void {
    this.stop();
    // setTimeout cannot wait longer than 2^31 - 1 ms; it is set again when that is over.
    const wait = Math.min(ms, 0x7fffffff);
    this.#due = this.clock.now() + ms;
    this.#cancel = this.clock.after(wait, () => {
      this.#cancel = null;
      if (wait < ms) this.restart(ms - wait);
      else this.ring();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#due = Number.POSITIVE_INFINITY;
  }
}
