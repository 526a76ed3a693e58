/**
 * The messages of a queue that wait for a consumer: highest priority first, then in order of position. One level
 * for each priority, one level alone where the queue has none. What is requeued was once taken from the head of
 * its level: it waits in a heap, and the smallest position of heap and level is the head, so no search is needed
 * to put an entry back to its place.
 *
 * When there is more in memory than there is room for (`paging.ts`) the middle of each level is paged out; a
 * heap that has grown is put in order and becomes a deque of its own, which can be paged out as well.
 */
import type { QueueEntry } from '../message.js';
import type { QueueStore } from '../ports.js';
import { Entry, type PagedEntry } from './entry.js';
import { Level } from './level.js';
import { OVERHEAD, type Pageable, type Paging } from './paging.js';

/** Milliseconds after which a read that failed is tried again. */
const READ_AGAIN = 1000;

export class ReadyMessages implements Pageable {
  readonly #levels: Level[];
  readonly #lowest: Level;
  length = 0;
  /** Of the bodies. */
  bytes = 0;
  /** Messages and bodies that are in memory. */
  inMemory = 0;
  bytesInMemory = 0;
  /** Messages go to the disk whether memory is short or not. */
  lazy = false;

  constructor(
    readonly maxPriority: number,
    private readonly store: QueueStore,
    private readonly paging: Paging,
    /** Persistent messages are in the store as soon as they are here. */
    private readonly durable: boolean,
    /** So many, of so many bytes, turned out to be unreadable. */
    private readonly lost: (count: number, bytes: number) => void,
  ) {
    this.#levels = Array.from({ length: maxPriority + 1 }, () => new Level(this));
    this.#lowest = this.#levels[0] as Level;
  }

  get resident(): number {
    return this.bytesInMemory + OVERHEAD * this.inMemory;
  }

  push(entry: Entry): void {
    const level = this.#levelOf(entry);
    this.length++;
    this.bytes += entry.message.body.length;
    if (level.arrived.push(entry) && this.#tooMuch(entry)) level.arrived.pageBehind();
  }

  /** Behind everything that is here, without reading it; not for a queue with priorities. */
  pushPaged(positions: Float64Array, bodyLengths: Uint32Array): void {
    this.length += positions.length;
    for (const length of bodyLengths) this.bytes += length;
    this.#lowest.arrived.pushPaged(positions, bodyLengths);
  }

  requeue(entry: Entry | PagedEntry): void {
    const level = this.#levelOf(entry);
    this.length++;
    this.bytes += entry.bodyLength;
    level.requeue(entry);
    if (level.manyReturned && this.#tooMuch(entry)) level.pageReturned();
  }

  /** Undefined when there is none, or it has to be loaded. */
  peek(): Entry | undefined {
    return this.#head?.peek();
  }

  /** Undefined when there is none, or it has to be loaded. */
  shift(): Entry | undefined {
    const entry = this.#head?.shift();
    if (entry === undefined) return undefined;
    this.length--;
    this.bytes -= entry.message.body.length;
    return entry;
  }

  /** Resolves when the head is in memory, or may be looked for again. */
  load(): Promise<void> {
    return this.#head?.load() ?? Promise.resolve();
  }

  /** Resolves when the head is in memory, or there is none; each that comes may be taken off by `drop`. */
  async loaded(drop: () => void): Promise<void> {
    while (this.length > 0 && this.peek() === undefined) {
      await this.load();
      drop();
    }
  }

  pageAll(): void {
    for (const level of this.#levels) level.pageAll();
  }

  clear(): void {
    for (const level of this.#levels) level.clear();
    this.length = 0;
    this.bytes = 0;
  }

  /** In no certain order. */
  *positions(): IterableIterator<number> {
    for (const level of this.levels()) {
      for (const { position } of level.returned.values()) yield position;
      for (const deque of level.deques()) {
        for (const chunk of deque.chunks()) yield* chunk.eachPosition();
      }
    }
  }

  /** In no certain order. */
  *levels(): IterableIterator<Level> {
    for (const level of this.#levels) if (level.length > 0) yield level;
  }

  // For the levels.

  page(entries: readonly Entry[]): Promise<void> {
    return this.store.page(entries);
  }

  async readBack(positions: readonly number[]): Promise<Entry[]> {
    for (;;) {
      try {
        return (await this.store.load(positions)).map((entry: QueueEntry) => Entry.loaded(entry));
      } catch (error) {
        this.paging.logger.error(
          `message store: could not read messages back: ${(error as Error).message}. They are tried again; check the disk.`,
        );
        await new Promise<void>((resolve) => this.paging.later(READ_AGAIN, resolve));
      }
    }
  }

  moved(count: number, bytes: number): void {
    this.inMemory += count;
    this.bytesInMemory += bytes;
    const weight = bytes + OVERHEAD * count;
    if (weight > 0) this.paging.grew(this, weight);
    else this.paging.shrank(this, -weight);
  }

  missing(count: number, bytes: number): void {
    this.length -= count;
    this.bytes -= bytes;
    this.lost(count, bytes);
  }

  #tooMuch({ persistent }: Entry | PagedEntry): boolean {
    return this.lazy || this.paging.over(this.durable && persistent);
  }

  get #head(): Level | undefined {
    if (this.maxPriority === 0) return this.#lowest;
    for (let at = this.maxPriority; at >= 0; at--) {
      const level = this.#levels[at] as Level;
      if (level.length > 0) return level;
    }
    return undefined;
  }

  #levelOf(entry: Entry | PagedEntry): Level {
    if (this.maxPriority === 0) return this.#lowest;
    return this.#levels[Math.min(entry.priority, this.maxPriority)] as Level;
  }
}
