/**
 * What happened to entries of one queue since the last batch: cleared, removed, delivered; the latter two in runs of
 * neighbouring positions in one segment, in the order they came.
 *
 *   removed, delivered   queue u32 · segment u32 · runs of (first position f64 · count u32)
 *   cleared              queue u32 · segment u32: all its entries in this segment and older ones are gone
 */
import type { QueueLog } from './queue-log.js';

const RUN_LENGTH = 12;

export class Settlements {
  cleared = false;
  removed = new Runs();
  delivered = new Runs();

  constructor(readonly queue: QueueLog) {}

  clear(): void {
    this.cleared = true;
    this.removed = new Runs();
    this.delivered = new Runs();
  }

  /** Takes in what a failed batch could not write; it happened before what is here. */
  restore(earlier: Settlements): void {
    if (this.cleared) return;
    this.cleared = earlier.cleared;
    this.removed = earlier.removed.followedBy(this.removed);
    this.delivered = earlier.delivered.followedBy(this.delivered);
  }
}

class Runs {
  /** first position, how many, segment, first position … */
  readonly #words: number[];

  constructor(words: number[] = []) {
    this.#words = words;
  }

  add(position: number, segment: number): void {
    const words = this.#words;
    const at = words.length - 3;
    if (
      at >= 0 &&
      words[at + 2] === segment &&
      (words[at] as number) + (words[at + 1] as number) === position
    ) {
      (words[at + 1] as number)++;
    } else words.push(position, 1, segment);
  }

  followedBy(later: Runs): Runs {
    return new Runs([...this.#words, ...later.#words]);
  }

  /** Payloads: one for each stretch of runs in the same segment. */
  encode(queue: number): { segment: number; payload: Buffer }[] {
    const words = this.#words;
    const payloads: { segment: number; payload: Buffer }[] = [];
    for (let from = 0; from < words.length; ) {
      const segment = words[from + 2] as number;
      let to = from;
      while (to < words.length && words[to + 2] === segment) to += 3;
      const payload = Buffer.allocUnsafe(8 + ((to - from) / 3) * RUN_LENGTH);
      payload.writeUInt32BE(queue, 0);
      payload.writeUInt32BE(segment, 4);
      for (let end = 8; from < to; from += 3, end += RUN_LENGTH) {
        payload.writeDoubleBE(words[from] as number, end);
        payload.writeUInt32BE(words[from + 1] as number, end + 8);
      }
      payloads.push({ segment, payload });
    }
    return payloads;
  }
}

export function decodeRuns(
  bytes: Buffer,
  payload: number,
  end: number,
  visit: (position: number) => void,
): void {
  for (let at = payload + 8; at + RUN_LENGTH <= end; at += RUN_LENGTH) {
    const first = bytes.readDoubleBE(at);
    const count = bytes.readUInt32BE(at + 8);
    for (let i = 0; i < count; i++) visit(first + i);
  }
}
