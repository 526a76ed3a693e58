/**
 * Reads records whose places are known: neighbours in a segment with one read, each checked against its checksum.
 * What is decoded shares the memory of its read, so a read is kept small enough not to be held up long by one
 * message that stays.
 */
import type { Logger } from '../core/ports.js';
import { HEADER_LENGTH, recordEnd } from './record.js';
import type { Segment } from './segments.js';

const LONGEST_READ = 256 * 1024;
const LONGEST_GAP = 4096;

export interface Wanted {
  /** In the answer. */
  place: number;
  segment: Segment;
  offset: number;
  length: number;
  delivered: boolean;
}

type Visit = (wanted: Wanted, bytes: Buffer, payload: number) => void;

export async function readEntries(wanted: Wanted[], logger: Logger, visit: Visit): Promise<void> {
  wanted.sort((a, b) => a.segment.id - b.segment.id || a.offset - b.offset);
  const reads: Promise<void>[] = [];
  for (let from = 0; from < wanted.length; ) {
    const to = groupEnd(wanted, from);
    reads.push(readGroup(wanted, from, to, logger, visit));
    from = to;
  }
  await Promise.all(reads);
}

function groupEnd(wanted: Wanted[], from: number): number {
  const first = wanted[from] as Wanted;
  let end = first.offset + first.length;
  let to = from + 1;
  for (; to < wanted.length; to++) {
    const next = wanted[to] as Wanted;
    if (next.segment !== first.segment || next.offset > end + LONGEST_GAP) break;
    if (next.offset + next.length - first.offset > LONGEST_READ) break;
    end = next.offset + next.length;
  }
  return to;
}

async function readGroup(
  wanted: Wanted[],
  from: number,
  to: number,
  logger: Logger,
  visit: Visit,
): Promise<void> {
  const { segment, offset: start } = wanted[from] as Wanted;
  const last = wanted[to - 1] as Wanted;
  const bytes = await segment.read(start, last.offset + last.length - start);
  for (let i = from; i < to; i++) {
    const want = wanted[i] as Wanted;
    const at = want.offset - start;
    if (recordEnd(bytes, at, bytes.length, segment.id) === at + want.length) {
      visit(want, bytes, at + HEADER_LENGTH);
    } else {
      logger.error(
        `message store: the message at ${want.offset} of ${segment.path} is damaged and is left out. ` +
          'The disk returned other bytes than were written: check it.',
      );
    }
  }
}
