/**
 * The runtime collects by a measure of its own: it lets what nobody uses any more grow by some hundred megabytes,
 * buffers above all, before it looks. Of a node that has grown large, `boundGarbage` has them collected as soon as
 * what is in use and what is garbage have grown together by half since the last time.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../core/ports.js';
import { memoryUsage, residentMemory } from './memory.js';

/** Milliseconds between two looks at a node that is small, and at one that has grown: what 50 ms bring is no burden. */
const unhurried = 250;
const hurried = 50;
/** Resident bytes below which the runtime's own measure will do. */
const large = 100e6;
/** So much garbage is worth a collection. */
const worthwhile = 32e6;

/** A full collection now. */
export function collectGarbage(): void {
  collector()();
}

/** Answers what ends it. */
export function boundGarbage(clock: Clock): () => void {
  let collect: (() => void) | null = null;
  let low = bytesHeld();
  let stop: () => void;
  const look = () => {
    const grown = residentMemory() >= large;
    stop = clock.after(grown ? hurried : unhurried, look);
    if (!grown) return;
    const held = bytesHeld();
    low = Math.min(low, held);
    if (held - low < Math.max(worthwhile, low / 2)) return;
    collect ??= collector();
    collect();
    low = bytesHeld();
  };
  stop = clock.after(unhurried, look);
  return () => stop();
}

function bytesHeld(): number {
  const { heapUsed, arrayBuffers } = memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The runtime hands out its collector to contexts that are made while the flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
