import type { Confirms } from '../../../src/broker/core/queue-port.js';

/** A publisher's side of confirms: what is outstanding, confirmed, refused. */
export class RecordingConfirms implements Confirms {
  readonly #holds = new Map<number, number>();
  readonly #refused = new Set<number>();
  readonly settled: string[] = [];

  hold(sequence: number): void {
    this.#holds.set(sequence, (this.#holds.get(sequence) ?? 0) + 1);
  }

  release(sequence: number): void {
    const left = (this.#holds.get(sequence) ?? 0) - 1;
    if (left < 0) throw new Error(`${sequence} released more often than held`);
    this.#holds.set(sequence, left);
    if (left === 0) this.settled.push(this.#refused.has(sequence) ? `nack ${sequence}` : `ack ${sequence}`);
  }

  refuse(sequence: number): void {
    this.#refused.add(sequence);
    this.release(sequence);
  }
}
