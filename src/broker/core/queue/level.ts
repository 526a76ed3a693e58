/**
 * The ready messages of one priority: those that arrived and were never taken, those that came back, and those
 * of the latter that were put in order to be paged out. Each is sorted by position; the smallest head is next.
 */
import { Entry, type PagedEntry } from './entry.js';
import { EntryDeque, type Shelf } from './entry-deque.js';
import { EntryHeap } from './entry-heap.js';
import type { ReadyMessages } from './ready-messages.js';

/** Messages that came back, or bytes of them, from which on they are paged out when memory asks for it. */
const MANY_RETURNED = 4096;
const MANY_BYTES = 4 * 1024 * 1024;

export class Level {
  readonly arrived: EntryDeque;
  readonly returned = new EntryHeap();
  #runs: EntryDeque[] = [];
  #returnedBytes = 0;
  readonly #shelf: Shelf;

  constructor(private readonly ready: ReadyMessages) {
    this.#shelf = {
      page: (entries) => ready.page(entries),
      load: (positions) => ready.readBack(positions),
      moved: (count, bytes) => ready.moved(count, bytes),
      lost: (count, bytes) => ready.missing(count, bytes),
    };
    this.arrived = new EntryDeque(this.#shelf);
  }

  get length(): number {
    let length = this.arrived.length + this.returned.length;
    for (const run of this.#runs) length += run.length;
    return length;
  }

  get manyReturned(): boolean {
    return this.returned.length >= MANY_RETURNED || this.#returnedBytes >= MANY_BYTES;
  }

  requeue(entry: Entry | PagedEntry): void {
    this.returned.push(entry);
    if (!(entry instanceof Entry)) return;
    this.#returnedBytes += entry.bodyLength;
    this.ready.moved(1, entry.bodyLength);
  }

  peek(): Entry | undefined {
    if (this.returned.length === 0 && this.#runs.length === 0) return this.arrived.peek();
    return this.#first().peek();
  }

  shift(): Entry | undefined {
    if (this.returned.length === 0 && this.#runs.length === 0) return this.arrived.shift();
    const first = this.#first();
    const entry = first.shift();
    if (entry === undefined) return undefined;
    if (first === this.returned) this.#leftHeap(entry);
    else if (first !== this.arrived && first.length === 0) {
      this.#runs = this.#runs.filter((run) => run !== first);
    }
    return entry;
  }

  load(): Promise<void> | null {
    // Of a heap only what is in order can be read.
    if (this.#first() === this.returned && this.returned.peek() === undefined) this.#putInOrder();
    const first = this.#first();
    return first instanceof EntryDeque ? first.load() : null;
  }

  /** What came back, in order, behind an earlier run of it if it fits there. */
  pageReturned(): void {
    this.#putInOrder()?.pageBehind();
  }

  pageAll(): void {
    this.pageReturned();
    for (const deque of this.deques()) deque.pageAll();
  }

  clear(): void {
    for (const entry of this.returned.drain()) this.#leftHeap(entry);
    for (const deque of this.deques()) deque.clear();
    this.#runs = [];
  }

  deques(): readonly EntryDeque[] {
    return [this.arrived, ...this.#runs];
  }

  #putInOrder(): EntryDeque | null {
    const entries = this.returned.drain();
    if (entries[0] === undefined) return null;
    const first = entries[0].position;
    let run = this.#runs.find((each) => each.lastPosition < first);
    if (run === undefined) {
      run = new EntryDeque(this.#shelf);
      this.#runs.push(run);
    }
    let paged: PagedEntry[] = [];
    for (const entry of entries) {
      if (!(entry instanceof Entry)) {
        paged.push(entry);
        continue;
      }
      pushPaged(run, paged);
      paged = [];
      this.#leftHeap(entry);
      run.push(entry);
    }
    pushPaged(run, paged);
    return run;
  }

  #leftHeap(entry: Entry | PagedEntry): void {
    if (!(entry instanceof Entry)) return;
    this.#returnedBytes -= entry.bodyLength;
    this.ready.moved(-1, -entry.bodyLength);
  }

  #first(): EntryDeque | EntryHeap {
    let first: EntryDeque | EntryHeap = this.arrived;
    for (const run of this.#runs) if (run.headPosition < first.headPosition) first = run;
    return this.returned.headPosition < first.headPosition ? this.returned : first;
  }
}

function pushPaged(run: EntryDeque, entries: readonly PagedEntry[]): void {
  if (entries.length === 0) return;
  const positions = Float64Array.from(entries, ({ position }) => position);
  run.pushPaged(
    positions,
    Uint32Array.from(entries, ({ bodyLength }) => bodyLength),
  );
}
