/**
 * Entries that came back, the smallest position first: a binary heap. Those that are paged out stand in it as well;
 * while one of them is the first, `peek` and `shift` answer nothing.
 */
import { Entry, type PagedEntry } from './entry.js';

type Either = Entry | PagedEntry;

export class EntryHeap {
  #entries: Either[] = [];

  get length(): number {
    return this.#entries.length;
  }

  peek(): Entry | undefined {
    const top = this.#entries[0];
    return top instanceof Entry ? top : undefined;
  }

  push(entry: Either): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = entries[parent] as Either;
      if (above.position <= entry.position) break;
      entries[at] = above;
      at = parent;
    }
    entries[at] = entry;
  }

  shift(): Entry | undefined {
    const entries = this.#entries;
    const top = this.peek();
    if (top === undefined) return undefined;
    const last = entries.pop();
    if (last !== undefined && entries.length > 0) this.#sink(last);
    return top;
  }

  /** Infinity when it is empty. */
  get headPosition(): number {
    return this.#entries[0]?.position ?? Number.POSITIVE_INFINITY;
  }

  /** In no certain order. */
  values(): readonly Either[] {
    return this.#entries;
  }

  /** Everything, in order; it is empty then. */
  drain(): Either[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries.sort((a, b) => a.position - b.position);
  }

  #sink(entry: Either): void {
    const entries = this.#entries;
    const length = entries.length;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < length && (entries[right] as Either).position < (entries[child] as Either).position)
        child = right;
      if ((entries[child] as Either).position >= entry.position) break;
      entries[at] = entries[child] as Either;
      at = child;
    }
    entries[at] = entry;
  }
}
