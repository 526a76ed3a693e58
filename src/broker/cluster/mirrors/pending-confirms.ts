/** Confirms that wait for mirrors, in the order of the numbers under which their entries were sent. */
import type { Confirms } from '../../core/queue-port.js';

export class PendingConfirms {
  #numbers: number[] = [];
  #confirms: Confirms[] = [];
  #sequences: number[] = [];
  #head = 0;

  add(number: number, confirms: Confirms, sequence: number): void {
    this.#numbers.push(number);
    this.#confirms.push(confirms);
    this.#sequences.push(sequence);
  }

  /** Releases everything up to a number. */
  release(number: number): void {
    while (this.#head < this.#numbers.length && (this.#numbers[this.#head] as number) <= number) {
      const at = this.#head++;
      (this.#confirms[at] as Confirms).release(this.#sequences[at] as number);
    }
    if (this.#head > 1024 && this.#head * 2 > this.#numbers.length) this.#shrink();
  }

  refuseAll(): void {
    for (; this.#head < this.#numbers.length; this.#head++) {
      (this.#confirms[this.#head] as Confirms).refuse(this.#sequences[this.#head] as number);
    }
    this.#shrink();
  }

  #shrink(): void {
    this.#numbers = this.#numbers.slice(this.#head);
    this.#confirms = this.#confirms.slice(this.#head);
    this.#sequences = this.#sequences.slice(this.#head);
    this.#head = 0;
  }
}
