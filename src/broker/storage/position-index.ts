/**
 * Where the entries of one queue are, by position. A slot is four 32-bit words (segment, offset, length and flags,
 * length of the body and a flag), 64 slots are a chunk, a chunk exists only while one of its slots is used: 16
 * bytes a message for a million of them, little more than a kilobyte for a queue with one.
 *
 * `find` and `put` leave the slot in `words` and `at`, for the caller to read and write without an object made
 * for each message; they hold until the next call.
 */
const SPAN = 64;
const WORDS = 4;
const CHUNK_WORDS = SPAN * WORDS;
const SPARE_CHUNKS = 1;

/** First word of a slot that is in the gathering batch: its second word is the place there. */
export const STAGED = 0xffffffff;
/** Flags in the third word. */
export const DELIVERED = 0x80000000;
export const PAGED = 0x40000000;
export const LENGTH = 0x3fffffff;
/** Flag in the fourth word: it has a time to live. */
export const EXPIRES = 0x80000000;

/** The fourth word. */
export function bodyWord(length: number, expires: boolean): number {
  return expires ? (length | EXPIRES) >>> 0 : length;
}

interface Chunk {
  number: number;
  words: Uint32Array;
  used: number;
}

export class PositionIndex {
  words: Uint32Array = new Uint32Array(0);
  at = 0;
  size = 0;
  readonly #chunks = new Map<number, Chunk>();
  readonly #spare: Uint32Array[] = [];
  #chunk: Chunk | null = null;

  find(position: number): boolean {
    return this.#seek(position) !== null && this.words[this.at] !== 0;
  }

  put(position: number, segment: number, offset: number, length: number, body: number): void {
    const chunk = this.#seek(position) ?? this.#add(position);
    if (this.words[this.at] === 0) {
      chunk.used++;
      this.size++;
    }
    this.words[this.at] = segment;
    this.words[this.at + 1] = offset;
    this.words[this.at + 2] = length;
    this.words[this.at + 3] = body;
  }

  /** Frees the slot that `find` found. */
  delete(): void {
    const chunk = this.#chunk as Chunk;
    this.words[this.at] = 0;
    this.size--;
    if (--chunk.used > 0) return;
    this.#chunks.delete(chunk.number);
    this.#chunk = null;
    if (this.#spare.length < SPARE_CHUNKS) this.#spare.push(chunk.words);
  }

  clear(): void {
    this.#chunks.clear();
    this.#spare.length = 0;
    this.#chunk = null;
    this.size = 0;
  }

  /** In order of position. The visitor may delete the slot it is at, and no other. */
  forEach(
    visit: (position: number, segment: number, offset: number, length: number, body: number) => void,
  ): void {
    const numbers = Float64Array.from(this.#chunks.keys()).sort();
    for (const number of numbers) {
      const words = (this.#chunks.get(number) as Chunk).words;
      for (let slot = 0; slot < CHUNK_WORDS; slot += WORDS) {
        const segment = words[slot] as number;
        if (segment === 0) continue;
        const position = number * SPAN + slot / WORDS;
        const body = words[slot + 3] as number;
        visit(position, segment, words[slot + 1] as number, words[slot + 2] as number, body);
      }
    }
  }

  #seek(position: number): Chunk | null {
    const number = Math.floor(position / SPAN);
    let chunk = this.#chunk;
    if (chunk === null || chunk.number !== number) {
      chunk = this.#chunks.get(number) ?? null;
      if (chunk === null) return null;
      this.#chunk = chunk;
    }
    this.words = chunk.words;
    this.at = (position - number * SPAN) * WORDS;
    return chunk;
  }

  #add(position: number): Chunk {
    const number = Math.floor(position / SPAN);
    const chunk = { number, words: this.#spare.pop() ?? new Uint32Array(CHUNK_WORDS), used: 0 };
    this.#chunks.set(number, chunk);
    this.#chunk = chunk;
    this.words = chunk.words;
    this.at = (position - number * SPAN) * WORDS;
    return chunk;
  }
}
