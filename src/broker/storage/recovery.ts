/**
 * Rebuilds the indexes from the segments, oldest first. The last word about an entry counts:
 * - an entry that is already known was copied by a compaction that did not end; the copy counts, and the older
 *   segment is marked so that its compaction is finished before any removal is let go;
 * - a removal or a delivery hint counts only for an entry in the segment that it names, so one that was passed
 *   on by a compaction does not touch a newer entry that has taken the same position;
 * - a clear counts for all entries of its queue in the segment that it names and older ones.
 * Entries that were only paged out died with the process. A torn end of the last segment is cut off.
 */
import { entryBodyLength, entryExpires } from '../core/message-codec.js';
import type { Logger } from '../core/ports.js';
import { RECORD_DELIVERED, RECORD_PAGED } from './batch.js';
import { readFully } from './file-system.js';
import { bodyWord, DELIVERED, LENGTH } from './position-index.js';
import type { QueueLog } from './queue-log.js';
import { HEADER_LENGTH, type RecordVisitor, recordEnd, scanRecords } from './record.js';
import { RECORD, readCuts, type Segment, type Segments } from './segments.js';
import { decodeRuns } from './settlements.js';

/** Makes or finds the queue that a number stands for. */
export type QueueOf = (number: number, id: string | null) => QueueLog | undefined;

export async function recover(segments: Segments, queueOf: QueueOf, logger: Logger): Promise<void> {
  await applyCuts(segments);
  let bytes = Buffer.alloc(0);
  const newest = [...segments.all.keys()].at(-1);
  for (const segment of segments.all.values()) {
    if (bytes.length < segment.size) bytes = Buffer.allocUnsafeSlow(Math.max(segment.size, 64 * 1024));
    const end = await readFully(segment.file, bytes.subarray(0, segment.size), 0);
    const replay = new Replay(segments, segment, queueOf, logger, segment.id === newest);
    scanRecords(bytes, end, segment.id, replay);
    if (replay.torn >= 0) await segments.shorten(segment, replay.torn);
  }
}

/** The newest segment that lists a cut decides; a cut that is made in the file need not be listed any more. */
async function applyCuts(segments: Segments): Promise<void> {
  for (const segment of segments.all.values()) {
    const first = Buffer.alloc(Math.min(segment.size, 4096));
    const filled = await readFully(segment.file, first, 0);
    const end = recordEnd(first, 0, filled, segment.id);
    if (end < 0 || first[6] !== RECORD.segment) continue;
    for (const [id, length] of readCuts(first, HEADER_LENGTH, end)) segments.cuts.set(id, length);
  }
  for (const [id, length] of [...segments.cuts]) {
    const segment = segments.all.get(id);
    if (segment !== undefined && segment.size > length) await segments.shorten(segment, length);
    segments.cuts.delete(id);
  }
}

class Replay implements RecordVisitor {
  /** Where the torn tail begins, -1 when there is none. */
  torn = -1;

  constructor(
    private readonly segments: Segments,
    private readonly segment: Segment,
    private readonly queueOf: QueueOf,
    private readonly logger: Logger,
    private readonly newest: boolean,
  ) {}

  record(type: number, flags: number, bytes: Buffer, start: number, end: number): void {
    const payload = start + HEADER_LENGTH;
    if (type === RECORD.segment) return;
    const number = bytes.readUInt32BE(payload);
    if (type === RECORD.queue) {
      this.queueOf(number, bytes.toString('utf8', payload + 4, end));
      this.segment.named.add(number);
      return;
    }
    const queue = this.queueOf(number, null);
    if (queue === undefined) {
      // Whatever a removal speaks of is gone with the segment that named its queue.
      if (type !== RECORD.entry) return;
      this.logger.error(
        `message store: a record at ${start} of ${this.segment.path} belongs to a queue whose name is lost; it is left out`,
      );
      return;
    }
    if (type === RECORD.entry) this.#entry(queue, flags, bytes, start, end);
    else if (type === RECORD.cleared) this.#cleared(queue, bytes.readUInt32BE(payload + 4));
    else this.#runs(queue, type === RECORD.removed, bytes, payload, end);
  }

  damage(start: number, end: number, tail: boolean): void {
    if (tail && this.newest) {
      this.torn = start;
      this.logger.info(
        `message store: the last ${end - start} bytes of ${this.segment.path} were not written whole; cut off`,
      );
      return;
    }
    this.logger.error(
      `message store: ${end - start} bytes at ${start} of ${this.segment.path} are damaged and are left out; ` +
        'what follows them is kept. The disk returned other bytes than were written: check it.',
    );
  }

  #entry(queue: QueueLog, flags: number, bytes: Buffer, start: number, end: number): void {
    if ((flags & RECORD_PAGED) !== 0) return;
    const position = bytes.readDoubleBE(start + HEADER_LENGTH + 4);
    const { index } = queue;
    if (index.find(position)) {
      const older = this.#dead(index.words[index.at] as number, index.words[index.at + 2] as number);
      if (older !== undefined && older !== this.segment) older.superseded = true;
    }
    const length = end - start;
    index.put(
      position,
      this.segment.id,
      start,
      (length | ((flags & RECORD_DELIVERED) !== 0 ? DELIVERED : 0)) >>> 0,
      bodyWord(
        entryBodyLength(bytes, start + HEADER_LENGTH + 4),
        entryExpires(bytes, start + HEADER_LENGTH + 4),
      ),
    );
    this.segment.live++;
    this.segment.liveBytes += length;
  }

  #runs(queue: QueueLog, removed: boolean, bytes: Buffer, payload: number, end: number): void {
    const { index } = queue;
    const target = bytes.readUInt32BE(payload + 4);
    if (removed) this.segment.targets.add(target);
    decodeRuns(bytes, payload, end, (position) => {
      if (!index.find(position) || index.words[index.at] !== target) return;
      const word = index.words[index.at + 2] as number;
      if (removed) {
        this.#dead(target, word);
        index.delete();
      } else {
        index.words[index.at + 2] = (word | DELIVERED) >>> 0;
      }
    });
  }

  #cleared(queue: QueueLog, upTo: number): void {
    const { index } = queue;
    this.segment.clears.add(upTo);
    index.forEach((position, segment, _offset, word) => {
      if (segment > upTo) return;
      this.#dead(segment, word);
      index.find(position);
      index.delete();
    });
  }

  #dead(id: number, word: number): Segment | undefined {
    const segment = this.segments.all.get(id);
    if (segment !== undefined) {
      segment.live--;
      segment.liveBytes -= word & LENGTH;
    }
    return segment;
  }
}
