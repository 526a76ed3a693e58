/**
 * Publishes from another node into one queue of this one, and what becomes of them: how many still hold each
 * number, in a ring; numbers that nobody holds any more are answered together at the end of the turn.
 */
import type { Message } from '../../core/message.js';
import type { Confirms, Queue } from '../../core/queue-port.js';
import type { Link } from '../link/link.js';
import { writeOutcome } from './wire.js';

const refusedFlag = 0x4000_0000;
const free = -1;

export class ServedPublishes implements Confirms {
  #holds = new Int32Array(64).fill(free);
  /** The oldest number that may still be held, and the newest seen. */
  #first = 1;
  #last = 0;
  #confirmed: number[] = [];
  #nacked: number[] = [];
  #scheduled = false;
  #over = false;

  constructor(
    private readonly link: Link,
    private readonly handle: number,
    /** Undefined when the queue is deleted, null when another node leads it. */
    private readonly find: () => Queue | null | undefined,
  ) {}

  publish(message: Message, number: number): void {
    const queue = this.find();
    if (number === 0) {
      queue?.publish(message, null, 0);
      return;
    }
    this.#begin(number);
    queue?.publish(message, this, number);
    if (queue === null) this.refuse(number);
    else this.release(number);
  }

  hold(number: number): void {
    const slot = number & (this.#holds.length - 1);
    this.#holds[slot] = (this.#holds[slot] as number) + 1;
  }

  release(number: number): void {
    if (this.#over || number < this.#first) return;
    const slot = number & (this.#holds.length - 1);
    const left = (this.#holds[slot] as number) - 1;
    this.#holds[slot] = left;
    if (left === 0) this.#settle(number, slot, this.#confirmed);
    else if (left === refusedFlag) this.#settle(number, slot, this.#nacked);
  }

  refuse(number: number): void {
    if (this.#over || number < this.#first) return;
    const slot = number & (this.#holds.length - 1);
    this.#holds[slot] = (this.#holds[slot] as number) | refusedFlag;
    this.release(number);
  }

  /** The link is gone: there is nobody to answer. */
  end(): void {
    this.#over = true;
  }

  /** Numbers of other periods of the far side's window are skipped. */
  #begin(number: number): void {
    if (this.#first > this.#last) this.#first = number;
    while (number - this.#first >= this.#holds.length) this.#grow();
    this.#last = number;
    this.#holds[number & (this.#holds.length - 1)] = 1;
  }

  #settle(number: number, slot: number, into: number[]): void {
    this.#holds[slot] = free;
    into.push(number);
    const mask = this.#holds.length - 1;
    while (this.#first <= this.#last && this.#holds[this.#first & mask] === free) this.#first++;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#answer());
  }

  #answer(): void {
    this.#scheduled = false;
    const confirmed = this.#confirmed;
    const nacked = this.#nacked;
    this.#confirmed = [];
    this.#nacked = [];
    if (this.link.closed) return;
    if (confirmed.length > 0) writeOutcome(this.link, false, this.handle, confirmed);
    if (nacked.length > 0) writeOutcome(this.link, true, this.handle, nacked);
    this.link.outbox.flush();
  }

  #grow(): void {
    const larger = new Int32Array(this.#holds.length * 2).fill(free);
    const mask = this.#holds.length - 1;
    for (let number = this.#first; number <= this.#last; number++) {
      larger[number & (larger.length - 1)] = this.#holds[number & mask] as number;
    }
    this.#holds = larger;
  }
}
