/** Entries that came back, the smallest position first: a binary heap. */
import type { Entry } from './entry.js';

export class EntryHeap {
  #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  peek(): Entry | undefined {
    return this.#entries[0];
  }

  push(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = entries[parent] as Entry;
      if (above.position <= entry.position) break;
      entries[at] = above;
      at = parent;
    }
    entries[at] = entry;
  }

  shift(): Entry | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (last !== undefined && entries.length > 0) this.#sink(last);
    return top;
  }

  /** Infinity when it is empty. */
  get headPosition(): number {
    return this.#entries[0]?.position ?? Number.POSITIVE_INFINITY;
  }

  /** In no certain order. */
  values(): readonly Entry[] {
    return this.#entries;
  }

  /** Everything, in order; it is empty then. */
  drain(): Entry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries.sort((a, b) => a.position - b.position);
  }

  #sink(entry: Entry): void {
    const entries = this.#entries;
    const length = entries.length;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < length && (entries[right] as Entry).position < (entries[child] as Entry).position)
        child = right;
      if ((entries[child] as Entry).position >= entry.position) break;
      entries[at] = entries[child] as Entry;
      at = child;
    }
    entries[at] = entry;
  }
}
