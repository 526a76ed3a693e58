/**
 * What happened to entries of one queue since the last batch: cleared, removed, delivered. Pairs of position and
 * segment, in the order they came; on disk, runs of neighbouring positions in one segment.
 *
 *   removed, delivered   queue u32 · segment u32 · runs of (first position f64 · count u32)
 *   cleared              queue u32 · segment u32: all its entries in this segment and older ones are gone
 */
import type { QueueLog } from './queue-log.js';

const RUN_LENGTH = 12;

export class Settlements {
  cleared = false;
  /** position, segment, position, segment … */
  removed: number[] = [];
  delivered: number[] = [];

  constructor(readonly queue: QueueLog) {}

  clear(): void {
    this.cleared = true;
    this.removed = [];
    this.delivered = [];
  }

  /** Takes in what a failed batch could not write; it happened before what is here. */
  restore(earlier: Settlements): void {
    if (this.cleared) return;
    this.cleared = earlier.cleared;
    this.removed = [...earlier.removed, ...this.removed];
    this.delivered = [...earlier.delivered, ...this.delivered];
  }
}

/** Payloads for pairs of position and segment: one for each stretch of pairs in the same segment. */
export function encodeRuns(queue: number, pairs: readonly number[]): { segment: number; payload: Buffer }[] {
  const payloads: { segment: number; payload: Buffer }[] = [];
  for (let from = 0; from < pairs.length; ) {
    const segment = pairs[from + 1] as number;
    let to = from;
    while (to < pairs.length && pairs[to + 1] === segment) to += 2;
    payloads.push({ segment, payload: encodeStretch(queue, segment, pairs, from, to) });
    from = to;
  }
  return payloads;
}

function encodeStretch(
  queue: number,
  segment: number,
  pairs: readonly number[],
  from: number,
  to: number,
): Buffer {
  const payload = Buffer.allocUnsafe(8 + ((to - from) / 2) * RUN_LENGTH);
  payload.writeUInt32BE(queue, 0);
  payload.writeUInt32BE(segment, 4);
  let end = 8;
  let count = 0;
  for (let at = from; at < to; at += 2) {
    const position = pairs[at] as number;
    if (count > 0 && position === (pairs[at - 2] as number) + 1) {
      count++;
    } else {
      payload.writeDoubleBE(position, end);
      end += RUN_LENGTH;
      count = 1;
    }
    payload.writeUInt32BE(count, end - 4);
  }
  return payload.subarray(0, end);
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
