/**
 * Deliveries of one channel that await their acknowledgement, in order of delivery tag. Tags only grow, so
 * three parallel arrays with a moving head are enough: the oldest is taken in constant time, any other is found
 * by its distance from the head (nothing settled in between) or by halving. What was settled out of order
 * leaves a gap that is closed when gaps are the greater part, so memory follows what is really outstanding.
 */
import type { Consumer, Queue } from '../core/queue-port.js';

export class Unacked {
  /** How many are outstanding. */
  size = 0;
  #tags: number[] = [];
  #consumers: (Consumer | null)[] = [];
  #queues: (Queue | null)[] = [];
  #positions: number[] = [];
  #head = 0;

  /** Tag of the one that has been outstanding longest; 0 when there is none. */
  get oldest(): number {
    return this.size === 0 ? 0 : this.#tags[this.#head]!;
  }

  add(tag: number, consumer: Consumer, queue: Queue, position: number): void {
    this.#tags.push(tag);
    this.#consumers.push(consumer);
    this.#queues.push(queue);
    this.#positions.push(position);
    this.size++;
  }

  has(tag: number): boolean {
    return this.#find(tag) >= 0;
  }

  /** Takes one out; false when the tag is unknown. */
  take(tag: number, visit: Visit): boolean {
    const index = this.#find(tag);
    if (index < 0) return false;
    this.#remove(index, visit);
    this.#tidy();
    return true;
  }

  /** Takes out everything up to and including `tag`, oldest first; false, taking none, when it is unknown. */
  takeThrough(tag: number, visit: Visit): boolean {
    const last = this.#find(tag);
    if (last < 0) return false;
    for (let index = this.#head; index <= last; index++) {
      if (this.#consumers[index] !== null) this.#remove(index, visit);
    }
    this.#tidy();
    return true;
  }

  takeAll(visit: Visit): void {
    const end = this.#tags.length;
    for (let index = this.#head; index < end; index++) {
      if (this.#consumers[index] !== null) this.#remove(index, visit);
    }
    this.#tidy();
  }

  /** Puts deliveries back that were taken out before, in their old places. */
  giveBack(held: readonly { tag: number; consumer: Consumer; queue: Queue; position: number }[]): void {
    if (held.length === 0) return;
    const all = [...held];
    this.takeAll((consumer, queue, position, tag) => all.push({ tag, consumer, queue, position }));
    all.sort((a, b) => a.tag - b.tag);
    for (const { tag, consumer, queue, position } of all) this.add(tag, consumer, queue, position);
  }

  #find(tag: number): number {
    const tags = this.#tags;
    const head = this.#head;
    if (head === tags.length) return -1;
    let index = head + tag - tags[head]!;
    if (tags[index] !== tag) index = this.#search(tag);
    return index >= 0 && this.#consumers[index] !== null ? index : -1;
  }

  #search(tag: number): number {
    let low = this.#head;
    let high = this.#tags.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#tags[middle]!;
      if (found === tag) return middle;
      if (found < tag) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #remove(index: number, visit: Visit): void {
    const consumer = this.#consumers[index]!;
    const queue = this.#queues[index]!;
    this.#consumers[index] = null;
    this.#queues[index] = null;
    this.size--;
    visit(consumer, queue, this.#positions[index]!, this.#tags[index]!);
  }

  #tidy(): void {
    const { length } = this.#tags;
    while (this.#head < length && this.#consumers[this.#head] === null) this.#head++;
    if (this.#head === length) this.#clear();
    else if (length > 64 && this.size < length >> 2) this.#compact();
  }

  #clear(): void {
    this.#head = 0;
    this.#tags.length = 0;
    this.#consumers.length = 0;
    this.#queues.length = 0;
    this.#positions.length = 0;
  }

  #compact(): void {
    let kept = 0;
    for (let index = this.#head; index < this.#tags.length; index++) {
      if (this.#consumers[index] === null) continue;
      this.#tags[kept] = this.#tags[index]!;
      this.#consumers[kept] = this.#consumers[index]!;
      this.#queues[kept] = this.#queues[index]!;
      this.#positions[kept] = this.#positions[index]!;
      kept++;
    }
    this.#head = 0;
    this.#tags.length = kept;
    this.#consumers.length = kept;
    this.#queues.length = kept;
    this.#positions.length = kept;
  }
}

export type Visit = (consumer: Consumer, queue: Queue, position: number, tag: number) => void;
