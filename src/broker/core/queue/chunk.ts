/**
 * Neighbours in a queue, in order of position, that are in memory or paged out together. Paged out, only their
 * positions and the lengths of their bodies are left.
 */
import type { Entry } from './entry.js';

const MOST_ENTRIES = 512;
const MOST_BYTES = 256 * 1024;

export class Chunk {
  next: Chunk | null = null;
  /** Null while paged out. */
  entries: (Entry | undefined)[] | null = [];
  positions: Float64Array | null = null;
  lengths: Uint32Array | null = null;
  /** Index of the first that has not been taken. */
  first = 0;
  /** Of the bodies that are left. */
  bytes = 0;
  /** While it is read from the store or written to it. */
  busy: Promise<void> | null = null;
  /** It has left the queue. */
  gone = false;

  static paged(positions: Float64Array, lengths: Uint32Array): Chunk {
    const chunk = new Chunk();
    chunk.entries = null;
    chunk.positions = positions;
    chunk.lengths = lengths;
    for (const length of lengths) chunk.bytes += length;
    return chunk;
  }

  get length(): number {
    return (this.entries?.length ?? (this.positions as Float64Array).length) - this.first;
  }

  /** Takes no more at its end. */
  get complete(): boolean {
    const { entries } = this;
    return (
      entries === null ||
      this.busy !== null ||
      entries.length - this.first >= MOST_ENTRIES ||
      this.bytes >= MOST_BYTES
    );
  }

  /** Infinity when nothing is left. */
  get headPosition(): number {
    const { entries, first } = this;
    const position = entries === null ? this.positions?.[first] : entries[first]?.position;
    return position ?? Number.POSITIVE_INFINITY;
  }

  get lastPosition(): number {
    const { entries } = this;
    const position = entries === null ? this.positions?.at(-1) : entries.at(-1)?.position;
    return position ?? Number.NEGATIVE_INFINITY;
  }

  /** Of what is left, in order. */
  *eachPosition(): IterableIterator<number> {
    const { entries, positions } = this;
    if (entries !== null) for (const entry of this.left()) yield entry.position;
    else yield* (positions as Float64Array).subarray(this.first);
  }

  left(): Entry[] {
    return (this.entries ?? []).slice(this.first) as Entry[];
  }

  letGo(): void {
    const left = this.left();
    this.positions = Float64Array.from(left, ({ position }) => position);
    this.lengths = Uint32Array.from(left, ({ message }) => message.body.length);
    this.entries = null;
    this.first = 0;
  }

  /** What the store gave back: all that was paged out, or less when it was damaged. */
  loaded(entries: Entry[]): void {
    this.entries = entries;
    this.positions = null;
    this.lengths = null;
    this.first = 0;
    this.bytes = 0;
    for (const { message } of entries) this.bytes += message.body.length;
  }
}

/** How many of the bodies, from one on, go into one chunk. */
export function chunkEnd(lengths: Uint32Array, from: number): number {
  let bytes = 0;
  let to = from;
  while (to < lengths.length && to - from < MOST_ENTRIES && bytes < MOST_BYTES) {
    bytes += lengths[to++] as number;
  }
  return to;
}
