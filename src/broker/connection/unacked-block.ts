/**
 * Up to 1024 deliveries in order of delivery tag: tags and positions as plain numbers, 16 bytes for both, and who has
 * them only once as long as all are one consumer's from one queue. One that was taken leaves its tag, for the search,
 * and no position.
 */
import type { Consumer, Queue } from '../core/queue-port.js';

export type Visit = (consumer: Consumer, queue: Queue, position: number, tag: number) => void;

const LARGEST = 1024;
const SMALLEST = 8;
const TAKEN = -1;

export class UnackedBlock {
  /** Places from `head` to `end` are in use, `live` of them hold a delivery; the place at `head` does. */
  head = 0;
  end = 0;
  live = 0;
  #tags = new Float64Array(SMALLEST);
  #positions = new Float64Array(SMALLEST);
  #consumer: Consumer | null = null;
  #queue: Queue | null = null;
  /** By place, where not all have the same. */
  #mixed: { consumers: (Consumer | null)[]; queues: (Queue | null)[] } | null = null;

  get full(): boolean {
    return this.end === LARGEST;
  }

  /** The lowest tag it was given. */
  get first(): number {
    return this.#tags[0]!;
  }

  get oldest(): number {
    return this.#tags[this.head]!;
  }

  add(tag: number, consumer: Consumer, queue: Queue, position: number): void {
    if (this.end === this.#tags.length) this.#grow();
    if (this.end === 0) {
      this.#consumer = consumer;
      this.#queue = queue;
    } else if (this.#mixed !== null || consumer !== this.#consumer || queue !== this.#queue) {
      this.#mix(consumer, queue);
    }
    this.#tags[this.end] = tag;
    this.#positions[this.end] = position;
    this.end++;
    this.live++;
  }

  /** Its place, or -1. */
  find(tag: number): number {
    if (this.live === 0) return -1;
    let place = this.head + tag - this.#tags[this.head]!;
    if (!(place < this.end && this.#tags[place] === tag)) place = this.#search(tag);
    return place >= this.head && this.holds(place) ? place : -1;
  }

  holds(place: number): boolean {
    return this.#positions[place] !== TAKEN;
  }

  take(place: number, visit: Visit): void {
    const position = this.#positions[place]!;
    this.#positions[place] = TAKEN;
    this.live--;
    let [consumer, queue] = [this.#consumer!, this.#queue!];
    if (this.#mixed !== null) {
      const { consumers, queues } = this.#mixed;
      [consumer, queue] = [consumers[place]!, queues[place]!];
      consumers[place] = null;
      queues[place] = null;
    }
    visit(consumer, queue, position, this.#tags[place]!);
  }

  /** Passes what was taken at the head; answers how many places that frees. */
  behead(): number {
    const before = this.head;
    while (this.head < this.end && this.#positions[this.head] === TAKEN) this.head++;
    return this.head - before;
  }

  /** For use anew; nothing is left in it. */
  clear(): void {
    this.head = 0;
    this.end = 0;
    this.#consumer = null;
    this.#queue = null;
    this.#mixed = null;
  }

  #search(tag: number): number {
    let low = this.head;
    let high = this.end - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#tags[middle]!;
      if (found === tag) return middle;
      if (found < tag) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #mix(consumer: Consumer, queue: Queue): void {
    this.#mixed ??= {
      consumers: new Array(this.end).fill(this.#consumer),
      queues: new Array(this.end).fill(this.#queue),
    };
    this.#mixed.consumers.push(consumer);
    this.#mixed.queues.push(queue);
  }

  #grow(): void {
    const length = Math.min(LARGEST, this.end * 4);
    const [tags, positions] = [this.#tags, this.#positions];
    this.#tags = new Float64Array(length);
    this.#tags.set(tags);
    this.#positions = new Float64Array(length);
    this.#positions.set(positions);
  }
}
