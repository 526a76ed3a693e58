/**
 * Entries in order of position: pushed at the tail, taken from the head, both in constant time. They lie in
 * chunks, so that a long queue never copies itself to grow, and memory is given back as its head moves on.
 *
 * Chunks between head and tail can be paged out: written to the store if they are not there, and let go when
 * the store has them. At most a few are being written at a time; when one is done the next goes. Consuming, the
 * chunks behind the head are read ahead. While the head itself is paged out `peek` and `shift` answer nothing,
 * though `length` is not 0: `load` brings it back.
 */
import { Chunk, chunkEnd } from './chunk.js';
import type { Entry } from './entry.js';

/**
 * Chunks that are read before they are needed, and chunks that are written at a time: so many that the store asks
 * publishers to wait when it cannot keep up.
 */
const AHEAD = 2;
const MOST_WRITING = 96;

/** What a deque needs of the queue it is part of. */
export interface Shelf {
  page(entries: readonly Entry[]): Promise<void>;
  /** Never rejects; answers less where something is damaged. */
  load(positions: readonly number[]): Promise<Entry[]>;
  /** Came into memory, or left it (negative). */
  moved(count: number, bytes: number): void;
  /** Could not be read any more. */
  lost(count: number, bytes: number): void;
}

export class EntryDeque {
  #head = new Chunk();
  #tail: Chunk = this.#head;
  /** The first chunk that is still to be paged out, while a walk along them is under way. */
  #walk: Chunk | null = null;
  #writing = 0;
  length = 0;

  constructor(private readonly shelf: Shelf) {}

  /** True when a chunk was completed by it. */
  push(entry: Entry): boolean {
    const completed = this.#tail.complete;
    if (completed) this.#append(new Chunk());
    const { length } = entry.message.body;
    (this.#tail.entries as Entry[]).push(entry);
    this.#tail.bytes += length;
    this.length++;
    this.shelf.moved(1, length);
    return completed;
  }

  /** Behind the tail, without what they are: it is in the store. */
  pushPaged(positions: Float64Array, lengths: Uint32Array): void {
    for (let from = 0; from < positions.length; ) {
      const to = chunkEnd(lengths, from);
      this.#append(Chunk.paged(positions.subarray(from, to), lengths.subarray(from, to)));
      this.length += to - from;
      from = to;
    }
    this.#skip();
  }

  peek(): Entry | undefined {
    const head = this.#head;
    return head.entries === null ? undefined : head.entries[head.first];
  }

  shift(): Entry | undefined {
    const head = this.#head;
    if (head.entries === null) return undefined;
    const entry = head.entries[head.first];
    if (entry === undefined) return undefined;
    const { length } = entry.message.body;
    head.entries[head.first++] = undefined;
    head.bytes -= length;
    this.length--;
    this.shelf.moved(-1, -length);
    if (this.length === 0) this.#startOver();
    else if (head.first === head.entries.length) this.#skip();
    return entry;
  }

  /** Infinity when it is empty. */
  get headPosition(): number {
    return this.#head.headPosition;
  }

  get lastPosition(): number {
    return this.#tail.lastPosition;
  }

  /** Brings the head back; null when there is nothing to wait for. */
  load(): Promise<void> | null {
    if (this.length === 0 || this.#head.entries !== null) return null;
    const reading = this.#read(this.#head);
    this.#readAhead();
    return reading;
  }

  /** Everything between head and tail goes; called again while it is going, it goes on with what came since. */
  pageBehind(): void {
    if (this.#walk === null || this.#walk.gone) {
      this.#walk = this.#head.next;
      for (let ahead = 1; ahead < AHEAD && this.#walk !== null; ahead++) this.#walk = this.#walk.next;
    }
    this.#write();
  }

  /** Head and tail go, too. */
  pageAll(): void {
    if (this.length === 0) return;
    if (this.#head.entries !== null && this.#head.busy === null) this.#page(this.#head);
    const { entries } = this.#tail;
    if (this.#tail !== this.#head && entries !== null && entries.length > 0) this.#append(new Chunk());
    this.#walk = this.#head.next;
    this.#write();
  }

  clear(): void {
    for (const chunk of this.chunks()) {
      chunk.gone = true;
      if (chunk.entries !== null) this.shelf.moved(-chunk.length, -chunk.bytes);
    }
    this.#head = new Chunk();
    this.#tail = this.#head;
    this.#walk = null;
    this.length = 0;
  }

  *chunks(): IterableIterator<Chunk> {
    for (let chunk: Chunk | null = this.#head; chunk !== null; chunk = chunk.next) yield chunk;
  }

  #append(chunk: Chunk): void {
    this.#tail.next = chunk;
    this.#tail = chunk;
    if (this.length === 0) this.#skip();
  }

  #startOver(): void {
    if (this.#head.next !== null || this.#head.busy !== null) {
      this.clear();
      return;
    }
    (this.#head.entries as Entry[]).length = 0;
    this.#head.first = 0;
  }

  /** Goes on to the first chunk that has something left. */
  #skip(): void {
    let moved = false;
    while (this.#head.length === 0 && this.#head.next !== null) {
      this.#head.gone = true;
      this.#head = this.#head.next;
      moved = true;
    }
    if (moved && this.#head.entries !== null) this.#readAhead();
  }

  #readAhead(): void {
    let chunk = this.#head.next;
    for (let ahead = 0; ahead < AHEAD && chunk !== null; ahead++) {
      if (chunk.entries === null) void this.#read(chunk);
      chunk = chunk.next;
    }
  }

  #read(chunk: Chunk): Promise<void> {
    chunk.busy ??= this.shelf.load(Array.from(chunk.positions as Float64Array)).then((entries) => {
      chunk.busy = null;
      if (chunk.gone) return;
      const { length, bytes } = chunk;
      chunk.loaded(entries);
      this.shelf.moved(chunk.length, chunk.bytes);
      if (chunk.length === length) return;
      this.length -= length - chunk.length;
      this.shelf.lost(length - chunk.length, bytes - chunk.bytes);
      this.#skip();
    });
    return chunk.busy;
  }

  #write(): void {
    while (this.#walk !== null && this.#walk !== this.#tail && this.#writing < MOST_WRITING) {
      const chunk = this.#walk;
      this.#walk = chunk.next;
      if (chunk.entries !== null && chunk.busy === null && chunk.length > 0) this.#page(chunk);
    }
  }

  /** It is let go when the store has it, unless some of it was taken meanwhile. */
  #page(chunk: Chunk): void {
    const { first } = chunk;
    const entries = chunk.left();
    // From here on whoever is done with one of them has to tell the store.
    for (const entry of entries) entry.stored = true;
    this.#writing++;
    const written = (done: boolean) => {
      this.#writing--;
      chunk.busy = null;
      if (done && !chunk.gone && chunk.first === first) {
        chunk.letGo();
        this.shelf.moved(-chunk.length, -chunk.bytes);
      }
      this.#write();
    };
    chunk.busy = this.shelf.page(entries).then(
      () => written(true),
      () => written(false),
    );
  }
}
