/**
 * Publishes that a leader has not answered yet, by number: a ring of who waits for each. Numbers grow by one.
 * Everything in it is refused when the leader is lost.
 */
import type { Confirms } from '../../core/queue-port.js';

export class ConfirmWindow {
  #confirms: (Confirms | null)[] = new Array(16).fill(null);
  #sequences = new Float64Array(16);
  /** The oldest number without an answer, and the next to give. */
  #first = 1;
  #next = 1;

  get size(): number {
    return this.#next - this.#first;
  }

  /** The number under which the publish is to be sent; it is held already. */
  add(confirms: Confirms, sequence: number): number {
    if (this.#next - this.#first >= this.#confirms.length) this.#grow();
    const number = this.#next++;
    const slot = number & (this.#confirms.length - 1);
    this.#confirms[slot] = confirms;
    this.#sequences[slot] = sequence;
    return number;
  }

  settle(number: number, refused: boolean): void {
    if (number < this.#first || number >= this.#next) return;
    const mask = this.#confirms.length - 1;
    const slot = number & mask;
    const confirms = this.#confirms[slot];
    if (!confirms) return;
    this.#confirms[slot] = null;
    while (this.#first < this.#next && this.#confirms[this.#first & mask] === null) this.#first++;
    const sequence = this.#sequences[slot] as number;
    if (refused) confirms.refuse(sequence);
    else confirms.release(sequence);
  }

  refuseAll(): void {
    const end = this.#next;
    for (let number = this.#first; number < end; number++) this.settle(number, true);
  }

  #grow(): void {
    const size = this.#confirms.length * 2;
    const confirms: (Confirms | null)[] = new Array(size).fill(null);
    const sequences = new Float64Array(size);
    const mask = this.#confirms.length - 1;
    for (let number = this.#first; number < this.#next; number++) {
      confirms[number & (size - 1)] = this.#confirms[number & mask] as Confirms | null;
      sequences[number & (size - 1)] = this.#sequences[number & mask] as number;
    }
    this.#confirms = confirms;
    this.#sequences = sequences;
  }
}
