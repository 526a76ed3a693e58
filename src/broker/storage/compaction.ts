/**
 * Gives space back. A segment that has few live entries left is read once; what lives is copied to the end of the
 * log through the ordinary batches (a piece at a time, so that publishers never wait for more than one piece), as
 * are removals from other segments that still exist; when all of it is synced the file is deleted. A segment of
 * which nothing is needed is deleted unread.
 *
 * While nothing can be written (the disk is full) only such segments go: that is how space comes back when
 * consumers empty the queues.
 *
 * One segment at a time. Until it is deleted it holds entries whose removal may be written for their copy, so a
 * compaction that was interrupted is finished before any other segment goes.
 */
import type { Clock, Logger } from '../core/ports.js';
import type { Copy, Passed } from './batch.js';
import type { CommitLoop } from './commit-loop.js';
import { readFully } from './file-system.js';
import type { QueueLog } from './queue-log.js';
import { HEADER_LENGTH, scanRecords } from './record.js';
import { RECORD, type Segment, type Segments } from './segments.js';

/** Segments with less than this part alive are compacted: the log is at most about 2.5 times what lives in it. */
const WORTH_IT = 0.4;
const PIECE = 1024 * 1024;
/** Milliseconds between two looks. */
const PAUSE = 50;

export class Compaction {
  #running: Promise<void> | null = null;
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(
    private readonly segments: Segments,
    private readonly commits: CommitLoop,
    private readonly queueByNumber: (number: number) => QueueLog | undefined,
    private readonly queues: () => Iterable<QueueLog>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Something was committed: looks soon whether there is anything to do. */
  nudge(): void {
    if (this.#closed || this.#running !== null || this.#cancel !== null) return;
    this.#cancel = this.clock.after(PAUSE, () => {
      this.#cancel = null;
      if (this.#closed) return;
      this.#running = this.#run().finally(() => {
        this.#running = null;
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      let victim = this.#victim();
      while (victim !== null && !this.#closed) {
        await this.#compact(victim);
        victim = this.#victim();
      }
    } catch (error) {
      if (!this.commits.failing) {
        this.logger.warning(
          `message store: compaction stopped: ${(error as Error).message}; it is tried again`,
        );
      }
    }
  }

  #victim(): Segment | null {
    const { failing } = this.commits;
    let best: Segment | null = null;
    let least = WORTH_IT;
    for (const segment of this.segments.all.values()) {
      if (segment === this.segments.active || segment.size !== segment.written) continue;
      if (segment.superseded) return failing ? null : segment;
      if (failing && (segment.live > 0 || this.#needed(segment))) continue;
      const alive = segment.live === 0 ? 0 : segment.liveBytes / segment.size;
      if (alive < least) {
        least = alive;
        best = segment;
      }
    }
    return best;
  }

  async #compact(victim: Segment): Promise<void> {
    if (victim.live > 0 || this.#needed(victim)) await this.#moveOut(victim);
    if (this.#closed) return;
    if (victim.live > 0) this.#giveUp(victim);
    await this.segments.remove(victim);
  }

  /** Whether it holds removals or clears that an older file still needs. */
  #needed(victim: Segment): boolean {
    for (const target of victim.targets) {
      if (target !== victim.id && this.segments.all.has(target)) return true;
    }
    for (const upTo of victim.clears) {
      if (this.#reaches(upTo, victim)) return true;
    }
    return false;
  }

  #reaches(upTo: number, victim: Segment): boolean {
    for (const id of this.segments.all.keys()) {
      if (id !== victim.id && id <= upTo) return true;
    }
    return false;
  }

  async #moveOut(victim: Segment): Promise<void> {
    const bytes = Buffer.allocUnsafeSlow(victim.written);
    const end = await readFully(victim.file, bytes, 0);
    const { copies, passed } = this.#wanted(victim, bytes, end);
    victim.superseded = true;
    this.commits.gathering.passed.push(...passed);
    let from = 0;
    do {
      let piece = 0;
      while (from < copies.length && piece < PIECE) {
        const copy = copies[from++] as Copy;
        piece += copy.payload.length;
        this.commits.gathering.copies.push(copy);
      }
      await this.commits.flush(true);
    } while (from < copies.length && !this.#closed);
  }

  #wanted(victim: Segment, bytes: Buffer, end: number): { copies: Copy[]; passed: Passed[] } {
    const copies: Copy[] = [];
    const passed: Passed[] = [];
    const names = new Map<number, Buffer>();
    scanRecords(bytes, end, victim.id, {
      record: (type, _flags, _bytes, start, stop) => {
        const payload = bytes.subarray(start + HEADER_LENGTH, stop);
        if (type === RECORD.queue) {
          names.set(payload.readUInt32BE(0), payload);
        } else if (type === RECORD.entry) {
          const queue = this.queueByNumber(payload.readUInt32BE(0));
          const position = payload.readDoubleBE(4);
          if (queue === undefined || !queue.index.find(position)) return;
          const { words, at } = queue.index;
          if (words[at] !== victim.id || words[at + 1] !== start) return;
          copies.push({ queue, position, segment: victim, offset: start, payload, movedTo: -1 });
        } else if (type === RECORD.removed || type === RECORD.delivered) {
          const target = payload.readUInt32BE(4);
          const name = names.get(payload.readUInt32BE(0));
          if (target !== victim.id && this.segments.all.has(target)) passed.push({ type, payload, name });
        } else if (type === RECORD.cleared && this.#reaches(payload.readUInt32BE(4), victim)) {
          const name = names.get(payload.readUInt32BE(0));
          passed.push({ type, payload: clearBefore(payload, victim), name });
        }
      },
      damage: () => undefined,
    });
    return { copies, passed };
  }

  /** What lives in it cannot be read. */
  #giveUp(victim: Segment): void {
    this.logger.error(
      `message store: ${victim.live} messages in ${victim.path} are damaged and are lost. ` +
        'The disk returned other bytes than were written: check it.',
    );
    for (const queue of this.queues()) {
      queue.index.forEach((position, segment) => {
        if (segment !== victim.id) return;
        queue.index.find(position);
        queue.index.delete();
      });
    }
  }
}

/** What the victim's own queue was given after the clear is still in the victim, perhaps not copied yet. */
function clearBefore(payload: Buffer, victim: Segment): Buffer {
  const upTo = Math.min(payload.readUInt32BE(4), victim.id - 1);
  const before = Buffer.from(payload);
  before.writeUInt32BE(upTo, 4);
  return before;
}
