/**
 * The message store of a node: one log for all its queues, in segments. Everything that is staged by any queue in
 * the same moment shares one write and one sync (`commit-loop.ts`). What is where is known from memory
 * (`position-index.ts`) and rebuilt from the segments at the start (`recovery.ts`); space comes back in the
 * background (`compaction.ts`).
 */
import { join } from 'node:path';
import type { Clock, Logger, MessageStore, QueueStore } from '../core/ports.js';
import { CommitLoop } from './commit-loop.js';
import { Compaction } from './compaction.js';
import { type FileSystem, nodeFileSystem } from './file-system.js';
import { checkFormat, leaveCleanMark, takeCleanMark } from './format.js';
import { QueueLog } from './queue-log.js';
import { recover } from './recovery.js';
import { Segments } from './segments.js';

const SEGMENT_SIZE = 16 * 1024 * 1024;

export interface SegmentStoreOptions {
  /** Belongs to the store alone; made when it is not there. */
  directory: string;
  clock: Clock;
  logger: Logger;
  files?: FileSystem;
  segmentSize?: number;
}

export class SegmentStore implements MessageStore {
  readonly #directory: string;
  readonly #files: FileSystem;
  readonly #logger: Logger;
  readonly #segmentSize: number;
  readonly #segments: Segments;
  readonly #commits: CommitLoop;
  readonly #compaction: Compaction;
  readonly #byId = new Map<string, QueueLog>();
  readonly #byNumber = new Map<number, QueueLog>();
  readonly #onFailure: ((error: Error) => void)[] = [];
  readonly #onRecovery: (() => void)[] = [];
  readonly #onPressure: ((pressed: boolean) => void)[] = [];
  #nextNumber = 1;

  constructor({ directory, clock, logger, files, segmentSize }: SegmentStoreOptions) {
    this.#directory = directory;
    this.#files = files ?? nodeFileSystem;
    this.#logger = logger;
    this.#segmentSize = segmentSize ?? SEGMENT_SIZE;
    this.#segments = new Segments(join(directory, 'segments'), this.#files);
    this.#commits = new CommitLoop(this.#segments, this.#segmentSize, clock, logger, {
      committed: () => this.#compaction.nudge(),
      failed: (error) => {
        for (const listener of this.#onFailure) listener(error);
      },
      recovered: () => {
        for (const listener of this.#onRecovery) listener();
      },
      pressed: (pressed) => {
        for (const listener of this.#onPressure) listener(pressed);
      },
    });
    this.#compaction = new Compaction(
      this.#segments,
      this.#commits,
      (number) => this.#byNumber.get(number),
      () => this.#byId.values(),
      clock,
      logger,
    );
  }

  async open(): Promise<{ cleanShutdown: boolean }> {
    await this.#files.makeDirectory(this.#directory);
    await checkFormat(this.#files, this.#directory);
    await this.#segments.openAll();
    const clean = (await takeCleanMark(this.#files, this.#directory)) || this.#segments.all.size === 0;
    await recover(this.#segments, (number, id) => this.#recovered(number, id), this.#logger);
    for (const queue of [...this.#byId.values()]) {
      if (queue.index.size === 0) this.#forget(queue);
    }
    await this.#continueNewest();
    this.#compaction.nudge();
    return { cleanShutdown: clean };
  }

  queue(id: string): QueueStore {
    return this.#byId.get(id) ?? this.#add(this.#nextNumber, id);
  }

  queues(): string[] {
    return [...this.#byId.values()].filter((queue) => queue.index.size > 0).map((queue) => queue.id);
  }

  async close(): Promise<void> {
    await this.#compaction.close();
    const written = await this.#commits.close();
    await this.#segments.closeAll();
    if (written) await leaveCleanMark(this.#files, this.#directory);
  }

  onFailure(listener: (error: Error) => void): void {
    this.#onFailure.push(listener);
  }

  onPressure(listener: (pressed: boolean) => void): void {
    this.#onPressure.push(listener);
  }

  onRecovery(listener: () => void): void {
    this.#onRecovery.push(listener);
  }

  /** Numbers in the log are never given again, but one queue may have had several. */
  #recovered(number: number, id: string | null): QueueLog | undefined {
    this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    const known = this.#byNumber.get(number);
    if (known !== undefined || id === null) return known;
    const queue = this.#byId.get(id) ?? this.#add(number, id);
    if (queue.number !== number) queue.numbers.push(number);
    this.#byNumber.set(number, queue);
    return queue;
  }

  #add(number: number, id: string): QueueLog {
    this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    const queue = new QueueLog(id, number, this.#commits, this.#segments, this.#logger, () =>
      this.#forget(queue),
    );
    this.#byId.set(id, queue);
    this.#byNumber.set(number, queue);
    return queue;
  }

  #forget(queue: QueueLog): void {
    if (this.#byId.get(queue.id) !== queue) return;
    this.#byId.delete(queue.id);
    for (const number of queue.numbers) this.#byNumber.delete(number);
  }

  /** The last segment is written on unless it is well filled. What was read of it must be on the disk, too. */
  async #continueNewest(): Promise<void> {
    const newest = [...this.#segments.all.values()].at(-1);
    if (newest === undefined) return;
    await newest.file.sync();
    if (newest.size < this.#segmentSize / 2) this.#segments.active = newest;
  }
}
