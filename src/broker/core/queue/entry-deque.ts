/**
 * Entries in order of arrival: pushed at the tail, taken from the head, both in constant time. They lie in
 * chunks, so that a long queue never copies itself to grow, and memory is given back as its head moves on.
 */
import type { Entry } from './entry.js';

const CHUNK = 512;

interface Chunk {
  entries: (Entry | undefined)[];
  next: Chunk | null;
}

export class EntryDeque {
  #head: Chunk = { entries: [], next: null };
  #tail: Chunk = this.#head;
  /** Index in the head chunk of the first entry. */
  #first = 0;
  length = 0;

  push(entry: Entry): void {
    if (this.#tail.entries.length === CHUNK) {
      this.#tail.next = { entries: [], next: null };
      this.#tail = this.#tail.next;
    }
    this.#tail.entries.push(entry);
    this.length++;
  }

  peek(): Entry | undefined {
    return this.#head.entries[this.#first];
  }

  shift(): Entry | undefined {
    if (this.length === 0) return undefined;
    const chunk = this.#head;
    const entry = chunk.entries[this.#first];
    chunk.entries[this.#first] = undefined;
    this.#first++;
    this.length--;
    if (this.length === 0) {
      chunk.entries.length = 0;
      this.#first = 0;
    } else if (this.#first === CHUNK) {
      this.#head = chunk.next as Chunk;
      this.#first = 0;
    }
    return entry;
  }

  clear(): void {
    this.#head = { entries: [], next: null };
    this.#tail = this.#head;
    this.#first = 0;
    this.length = 0;
  }

  *[Symbol.iterator](): IterableIterator<Entry> {
    let at = this.#first;
    for (let chunk: Chunk | null = this.#head; chunk !== null; chunk = chunk.next) {
      for (; at < chunk.entries.length; at++) yield chunk.entries[at] as Entry;
      at = 0;
    }
  }
}
