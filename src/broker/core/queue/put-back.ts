/**
 * Fills a queue with what its store has, and with what a mirror had in memory besides, without reading more than
 * it has to: messages stay on the disk until their turn comes. Only a queue with priorities reads each of them
 * once, a few at a time, since their priority decides where they stand.
 */
import type { QueueEntry } from '../message.js';
import type { QueueStore, StoredEntries } from '../ports.js';
import { Entry } from './entry.js';
import type { ReadyMessages } from './ready-messages.js';

const AT_ONCE = 512;

/** Answers what the store has, the last position, and whether anything has a time to live. */
export async function putBack(
  ready: ReadyMessages,
  store: QueueStore,
  inMemory: readonly QueueEntry[],
): Promise<{ stored: StoredEntries; last: number; expires: boolean }> {
  const stored = store.stored();
  const { positions, bodyLengths } = stored;
  let from = 0;
  const putStored = async (to: number) => {
    if (ready.maxPriority === 0) {
      if (to > from) ready.pushPaged(positions.subarray(from, to), bodyLengths.subarray(from, to));
      from = to;
    }
    while (from < to) {
      const next = Math.min(to, from + AT_ONCE);
      for (const entry of await store.load([...positions.subarray(from, next)])) {
        ready.push(Entry.loaded(entry));
      }
      from = next;
    }
  };
  for (const { position, message, expiresAt, redelivered } of inMemory) {
    await putStored(firstBehind(positions, position, from));
    const entry = new Entry(position, message, expiresAt);
    entry.redelivered = redelivered;
    ready.push(entry);
  }
  await putStored(positions.length);
  return {
    stored,
    last: Math.max(positions.at(-1) ?? 0, inMemory.at(-1)?.position ?? 0),
    expires: stored.expires || inMemory.some(({ expiresAt }) => expiresAt !== Number.POSITIVE_INFINITY),
  };
}

/** Index of the first of the sorted `positions` that is larger. */
function firstBehind(positions: Float64Array, position: number, from: number): number {
  let low = from;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] as number) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
