/**
 * Publisher confirms of one channel, and the outcome of the publishes of a transaction.
 *
 * Each publish takes the next sequence number and a slot in a ring that holds how many still have to answer
 * for it. When the count falls to zero the number is settled; at the end of the turn everything settled becomes
 * as few frames as RabbitMQ would send: one `multiple` ack up to the oldest that is still open or refused, then
 * single ones. The ring's oldest open number is its base, which moves as numbers are settled.
 */
import type { Confirms } from '../core/queue-port.js';

const refused = 0x40000000;
const holds = refused - 1;
/** In the ring: the number is settled. */
const settled = -1;

export class ConfirmTracker implements Confirms {
  /** Number of the last publish. */
  last = 0;
  #base = 1;
  #settledAboveBase = 0;
  #ring = new Int32Array(64);
  #settledAcks: number[] = [];
  #settledNacks: number[] = [];
  /** `onSettled` was called and nothing was taken out since. */
  #announced = false;

  constructor(private readonly onSettled: () => void) {}

  /** Numbers published and not settled yet. */
  get open(): number {
    return this.last - this.#base + 1 - this.#settledAboveBase;
  }

  /** Takes the next number, held once. */
  next(): number {
    const sequence = ++this.last;
    if (sequence - this.#base >= this.#ring.length) this.#grow();
    this.#ring[sequence & (this.#ring.length - 1)] = 1;
    return sequence;
  }

  hold(sequence: number): void {
    const slot = sequence & (this.#ring.length - 1);
    this.#ring[slot] = this.#ring[slot]! + 1;
  }

  release(sequence: number): void {
    if (sequence < this.#base) return;
    const slot = sequence & (this.#ring.length - 1);
    const left = this.#ring[slot]! - 1;
    this.#ring[slot] = left;
    if ((left & holds) === 0) this.#settle(sequence, slot, left !== 0);
  }

  refuse(sequence: number): void {
    if (sequence < this.#base) return;
    const slot = sequence & (this.#ring.length - 1);
    this.#ring[slot] = this.#ring[slot]! | refused;
    this.release(sequence);
  }

  /** What was settled since the last call: acks and nacks as RabbitMQ gathers them. */
  drain(send: (nack: boolean, sequence: number, multiple: boolean) => void): void {
    this.#announced = false;
    const acks = this.#settledAcks;
    const nacks = this.#settledNacks;
    if (acks.length === 0 && nacks.length === 0) return;
    this.#settledAcks = [];
    this.#settledNacks = [];
    const openFrom = this.#base;
    if (acks.length === 1) send(false, acks[0]!, false);
    else gather(acks, Math.min(openFrom, smallest(nacks)), false, send);
    gather(nacks, Math.min(openFrom, smallest(acks)), true, send);
  }

  /** Asks to be told of the next number that is settled, without taking out those that are. */
  rearm(): void {
    this.#announced = false;
  }

  /** Forgets what was settled, answering how many of it were refused. */
  settledRefusals(): number {
    const count = this.#settledNacks.length;
    this.#announced = false;
    this.#settledAcks = [];
    this.#settledNacks = [];
    return count;
  }

  #settle(sequence: number, slot: number, nack: boolean): void {
    (nack ? this.#settledNacks : this.#settledAcks).push(sequence);
    this.#ring[slot] = settled;
    this.#settledAboveBase++;
    const mask = this.#ring.length - 1;
    while (this.#base <= this.last && this.#ring[this.#base & mask] === settled) {
      this.#base++;
      this.#settledAboveBase--;
    }
    if (this.#announced) return;
    this.#announced = true;
    this.onSettled();
  }

  #grow(): void {
    const larger = new Int32Array(this.#ring.length * 2);
    for (let sequence = this.#base; sequence < this.last; sequence++) {
      larger[sequence & (larger.length - 1)] = this.#ring[sequence & (this.#ring.length - 1)]!;
    }
    this.#ring = larger;
  }
}

function smallest(sequences: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const sequence of sequences) if (sequence < least) least = sequence;
  return least;
}

function gather(
  sequences: number[],
  cutoff: number,
  nack: boolean,
  send: (nack: boolean, sequence: number, multiple: boolean) => void,
): void {
  sequences.sort((a, b) => a - b);
  let below = 0;
  while (below < sequences.length && sequences[below]! < cutoff) below++;
  if (below > 0) send(nack, sequences[below - 1]!, true);
  for (let index = below; index < sequences.length; index++) send(nack, sequences[index]!, false);
}
