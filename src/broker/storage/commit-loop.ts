/**
 * Group commit: while one batch is written and synced the next one gathers; when the sync is done everything in
 * the batch is confirmed at once and the next batch goes. A batch in which somebody waits goes at the end of the
 * tick; one in which nobody does goes after a short while, so that much of what it holds is consumed before.
 *
 * When a write or a sync fails, what is in the file behind the last good sync counts for nothing: a sync that
 * failed once may succeed the second time without having written. The confirms of that batch are refused, its
 * content goes back to be written again, and the next attempt goes to a new segment, whose first record says how
 * much of the failed one counts. Attempts go on, ever more slowly, until one succeeds.
 */
import type { QueueEntry } from '../core/message.js';
import type { Clock, Logger } from '../core/ports.js';
import { Batch, type Copy, type Waiter } from './batch.js';
import { writeFully } from './file-system.js';
import { LENGTH, PAGED, STAGED } from './position-index.js';
import type { QueueLog } from './queue-log.js';
import { RecordWriter } from './record-writer.js';
import { RECORD, type Segment, type Segments } from './segments.js';
import { Settlements } from './settlements.js';

/** Milliseconds that a batch waits when nobody waits for it. */
const LAZY = 20;
/** A batch of this many bytes goes at once. */
const MANY_BYTES = 1024 * 1024;
/** From so many bytes on publishers wait, until there are only so many. */
const TOO_MANY_BYTES = 16 * 1024 * 1024;
const FEW_BYTES = 4 * 1024 * 1024;
const FIRST_RETRY = 50;
const LONGEST_RETRY = 2000;

export interface CommitListener {
  /** A batch is on the disk (`failing` false again), or failed. */
  committed(): void;
  failed(error: Error): void;
  recovered(): void;
  /** Too much is gathering while the disk is busy, or (false) no longer. */
  pressed(pressed: boolean): void;
}

export class CommitLoop {
  gathering = new Batch();
  failing = false;
  #spare = new Batch();
  readonly #writer = new RecordWriter();
  #running = false;
  #scheduled = false;
  #closed = false;
  #pressed = false;
  #cancelTimer: (() => void) | null = null;
  #retry = FIRST_RETRY;

  constructor(
    private readonly segments: Segments,
    private readonly segmentSize: number,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly listener: CommitListener,
  ) {}

  /** To be called after something was staged in `gathering`. */
  staged(urgent: boolean): void {
    const batch = this.gathering;
    if (urgent || batch.bytes > MANY_BYTES) batch.urgent = true;
    if (batch.bytes > TOO_MANY_BYTES && !this.#pressed) this.#press(true);
    if (this.#running || this.failing) return;
    if (batch.urgent) {
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(this.#runNow);
    } else if (this.#cancelTimer === null && !this.#scheduled) {
      this.#cancelTimer = this.clock.after(LAZY, this.#runNow);
    }
  }

  settlements(queue: QueueLog): Settlements {
    if (queue.pending === null) {
      queue.pending = new Settlements(queue);
      this.gathering.settlements.push(queue.pending);
    }
    return queue.pending;
  }

  /** Resolves when everything staged so far is on the disk; rejects when it failed. */
  flush(sync: boolean): Promise<void> {
    return new Promise((resolve, reject) => this.wait({ resolve, reject }, sync));
  }

  wait(waiter: Waiter, sync: boolean): void {
    this.gathering.waiters.push(waiter);
    if (sync) this.gathering.mustSync = true;
    this.staged(true);
  }

  /** Writes what is left; false when that failed. */
  async close(): Promise<boolean> {
    const written = await this.flush(true).then(
      () => true,
      () => false,
    );
    this.#closed = true;
    this.#cancelTimer?.();
    return written;
  }

  readonly #runNow = (): void => {
    this.#scheduled = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (!this.#running && !this.#closed) void this.#run();
  };

  async #run(): Promise<void> {
    this.#running = true;
    do {
      await this.#commitNext();
      if (this.#pressed && this.gathering.bytes < FEW_BYTES) this.#press(false);
    } while (this.gathering.urgent && !this.failing);
    this.#running = false;
    if (!this.failing && !this.gathering.hollow) this.staged(false);
  }

  /** The batch is taken only once its segment is there: from then on nothing may come between it and its encoding. */
  async #commitNext(): Promise<void> {
    if (this.gathering.hollow && !this.failing) return this.#commitHollow();
    let segment: Segment | null = null;
    let error: Error | null = null;
    try {
      segment = await this.#segment();
    } catch (cause) {
      error = cause as Error;
    }
    const batch = this.#take();
    try {
      if (segment === null) throw error;
      this.#encode(batch, segment);
      await this.#write(batch, segment);
    } catch (cause) {
      await this.#failed(batch, segment, cause as Error);
    }
    if (!this.failing) settle(batch);
    batch.reset();
    this.#spare = batch;
    this.listener.committed();
  }

  #press(pressed: boolean): void {
    this.#pressed = pressed;
    this.listener.pressed(pressed);
  }

  /** All that was staged was taken out again; somebody may still wait for what went before. */
  async #commitHollow(): Promise<void> {
    const batch = this.#take();
    const { active } = this.segments;
    try {
      if (batch.mustSync && active !== null && active.synced < active.written) {
        await active.file.sync();
        active.synced = active.written;
      }
      settle(batch);
    } catch (error) {
      await this.#failed(batch, active, error as Error);
    }
    batch.reset();
    this.#spare = batch;
  }

  #take(): Batch {
    const batch = this.gathering;
    this.gathering = this.#spare;
    for (const settlements of batch.settlements) settlements.queue.pending = null;
    return batch;
  }

  #encode(batch: Batch, segment: Segment): void {
    this.#writer.reset(segment.id);
    if (segment.size === 0) this.#writer.add(RECORD.segment, 0, this.segments.firstPayload(segment));
    batch.encode(this.#writer, segment, this.segments);
  }

  async #write(batch: Batch, segment: Segment): Promise<void> {
    const parts = this.#writer.parts();
    const start = segment.size;
    segment.size += this.#writer.total;
    if (parts.length > 0) await writeFully(segment.file, parts, start);
    segment.written = segment.size;
    if (batch.mustSync || this.failing) {
      await segment.file.sync();
      segment.synced = segment.size;
    }
    if (this.failing) this.#recovered();
  }

  /** Where the next batch goes: a new segment when there is none, it is full, or the last write failed. */
  async #segment(): Promise<Segment> {
    const { active } = this.segments;
    if (active !== null && active.size < this.segmentSize) return active;
    return this.segments.roll();
  }

  #recovered(): void {
    this.failing = false;
    this.#retry = FIRST_RETRY;
    this.logger.info('message store: writing works again');
    this.listener.recovered();
  }

  async #failed(batch: Batch, failed: Segment | null, error: Error): Promise<void> {
    this.logger.error(
      `message store: could not write to ${failed?.path ?? this.segments.directory}: ${error.message}. ` +
        'Nothing is confirmed until a write succeeds; the store goes on trying. Check the disk and its free space.',
    );
    this.failing = true;
    this.segments.active = null;
    refuse(batch, error);
    this.#restage(batch, failed);
    this.listener.failed(error);
    if (failed !== null) await this.segments.cut(failed);
    this.clock.after(this.#retry, this.#runNow);
    this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY);
  }

  /** What was not removed in the meantime goes into the gathering batch again. */
  #restage(batch: Batch, failed: Segment | null): void {
    for (const settlements of batch.settlements) {
      const { queue } = settlements;
      if (queue.pending !== null) {
        queue.pending.restore(settlements);
      } else {
        queue.pending = settlements;
        this.gathering.settlements.push(settlements);
      }
    }
    this.gathering.passed.push(...batch.passed);
    this.gathering.mustSync ||= batch.mustSync;
    for (let place = 0; place < batch.count; place++) {
      const entry = batch.entries[place];
      const queue = batch.owners[place];
      if (entry && queue) this.#restageEntry(entry, queue, failed);
    }
    for (const copy of batch.copies) {
      if (failed !== null && copy.movedTo >= 0) this.#moveBack(copy, failed);
    }
  }

  #restageEntry(entry: QueueEntry, queue: QueueLog, failed: Segment | null): void {
    const { index } = queue;
    if (!index.find(entry.position)) return;
    const { words, at } = index;
    if (failed === null) {
      // It never got a segment, so it is still marked as staged, in the batch that failed.
      if (words[at] !== STAGED) return;
    } else {
      if (words[at] !== failed.id || (words[at + 1] as number) < failed.synced) return;
      failed.live--;
      failed.liveBytes -= (words[at + 2] as number) & LENGTH;
    }
    if (((words[at + 2] as number) & PAGED) !== 0) {
      // Whoever paged it out still has it, and was told.
      index.delete();
      return;
    }
    words[at] = STAGED;
    words[at + 1] = this.gathering.stage(entry, queue, null, 0);
  }

  /** A copy stays where it was; one removed since it was made is removed there. */
  #moveBack(copy: Copy, failed: Segment): void {
    const { index } = copy.queue;
    if (index.find(copy.position) && index.words[index.at] === failed.id) {
      const word = index.words[index.at + 2] as number;
      index.put(copy.position, copy.segment.id, copy.offset, word, index.words[index.at + 3] as number);
      failed.live--;
      failed.liveBytes -= word & LENGTH;
      copy.segment.live++;
      copy.segment.liveBytes += word & LENGTH;
    } else if (!copy.queue.index.find(copy.position)) {
      this.settlements(copy.queue).removed.add(copy.position, copy.segment.id);
    }
  }
}

function settle(batch: Batch): void {
  for (let place = 0; place < batch.count; place++) {
    batch.confirms[place]?.release(batch.sequences[place] as number);
  }
  for (const waiter of batch.waiters) waiter.resolve();
}

function refuse(batch: Batch, error: Error): void {
  for (let place = 0; place < batch.count; place++) {
    batch.confirms[place]?.refuse(batch.sequences[place] as number);
  }
  for (const waiter of batch.waiters) waiter.reject(error);
}
