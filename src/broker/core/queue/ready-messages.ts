/**
 * The messages of a queue that wait for a consumer: highest priority first, then in order of position. One level
 * for each priority, one level alone where the queue has none. What is requeued was once taken from the head of
 * its level, so it stands before everything still in the level's deque: the smallest of the returned ones is the
 * head, and no search is needed to put an entry back to its place.
 */
import type { Entry } from './entry.js';
import { EntryDeque } from './entry-deque.js';
import { EntryHeap } from './entry-heap.js';

class Level {
  readonly arrived = new EntryDeque();
  readonly returned = new EntryHeap();

  peek(): Entry | undefined {
    return this.returned.length > 0 ? this.returned.peek() : this.arrived.peek();
  }

  shift(): Entry | undefined {
    return this.returned.length > 0 ? this.returned.pop() : this.arrived.shift();
  }
}

export class ReadyMessages {
  readonly #levels: Level[];
  readonly #lowest: Level;
  length = 0;
  /** Of the bodies. */
  bytes = 0;

  constructor(readonly maxPriority: number) {
    this.#levels = Array.from({ length: maxPriority + 1 }, () => new Level());
    this.#lowest = this.#levels[0] as Level;
  }

  push(entry: Entry): void {
    this.#levelOf(entry).arrived.push(entry);
    this.length++;
    this.bytes += entry.message.body.length;
  }

  requeue(entry: Entry): void {
    this.#levelOf(entry).returned.push(entry);
    this.length++;
    this.bytes += entry.message.body.length;
  }

  peek(): Entry | undefined {
    if (this.maxPriority === 0) return this.#lowest.peek();
    for (let at = this.maxPriority; at >= 0; at--) {
      const entry = (this.#levels[at] as Level).peek();
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  shift(): Entry | undefined {
    let entry = this.maxPriority === 0 ? this.#lowest.shift() : undefined;
    for (let at = this.maxPriority; at >= 0 && entry === undefined; at--) {
      entry = (this.#levels[at] as Level).shift();
    }
    if (entry === undefined) return undefined;
    this.length--;
    this.bytes -= entry.message.body.length;
    return entry;
  }

  clear(): void {
    for (const level of this.#levels) {
      level.arrived.clear();
      level.returned.clear();
    }
    this.length = 0;
    this.bytes = 0;
  }

  *[Symbol.iterator](): IterableIterator<Entry> {
    for (let at = this.maxPriority; at >= 0; at--) {
      const level = this.#levels[at] as Level;
      yield* level.returned.sorted();
      yield* level.arrived;
    }
  }

  #levelOf(entry: Entry): Level {
    if (this.maxPriority === 0) return this.#lowest;
    return this.#levels[Math.min(entry.message.priority, this.maxPriority)] as Level;
  }
}
