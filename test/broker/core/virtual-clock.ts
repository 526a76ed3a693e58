import type { Clock } from '../../../src/broker/core/ports.js';

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  #now = 1_700_000_000_000;
  readonly #alarms: { at: number; ring: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, ring: () => void): () => void {
    const alarm = { at: this.#now + ms, ring };
    this.#alarms.push(alarm);
    return () => {
      const index = this.#alarms.indexOf(alarm);
      if (index !== -1) this.#alarms.splice(index, 1);
    };
  }

  /** How many alarms wait. */
  get waiting(): number {
    return this.#alarms.length;
  }

  /** Goes on by `ms`; alarms ring in the order of their times. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#alarms.filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#alarms.splice(this.#alarms.indexOf(due), 1);
      this.#now = Math.max(this.#now, due.at);
      due.ring();
    }
    this.#now = end;
  }
}
