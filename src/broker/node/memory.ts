/** Memory of this process and of its machine. */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { isOutOfFiles, lastKnown } from './last-known.js';

export const memoryUsage = lastKnown(() => process.memoryUsage());

/** Resident bytes. */
export const residentMemory = lastKnown(() => process.memoryUsage.rss());

/** Bytes of this machine, or of the control group that this process is held in, if that is less. */
export const totalMemory = lastKnown(() => Math.min(groupLimit(), totalmem()));

/** Infinity where there is none. */
function groupLimit(): number {
  try {
    const limit = Number(readFileSync('/sys/fs/cgroup/memory.max', 'utf8').trim());
    return Number.isFinite(limit) ? limit : Infinity;
  } catch (error) {
    if (isOutOfFiles(error)) throw error;
    return Infinity; // no cgroup v2 here
  }
}
