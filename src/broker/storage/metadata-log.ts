/**
 * The metadata of a node on disk: one file that begins with a snapshot of all durable rows and goes on with one
 * record for each transaction. Transactions that wait share one write and one sync. When the transactions have
 * outgrown the snapshot the file is written anew beside the old one, synced, and renamed over it, so that at any
 * moment one whole file is there. The file ends in zeros that were synced with something else before: a sync of
 * what is written over them need not wait for the file system's own journal.
 *
 *   snapshot, transaction   v8-serialized { sequence, changes }
 */
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Change, Transaction } from '../core/metadata/rows.js';
import type { Logger, MetadataLog } from '../core/ports.js';
import { DurableRows } from './durable-rows.js';
import { type FileSystem, type LogFile, nodeFileSystem, readFully, writeFully } from './file-system.js';
import { checkFormat } from './format.js';
import { HEADER_LENGTH, makeRecord, scanRecords } from './record.js';

const NAME = 'metadata.log';
const SNAPSHOT = 1;
const TRANSACTION = 2;
const SEED = 0;
/** The file is written anew when its transactions take this much and as much again as its snapshot. */
const COMPACT_FROM = 256 * 1024;
/** So many zeros are written ahead. */
const AHEAD = Buffer.alloc(64 * 1024);

export interface FileMetadataLogOptions {
  /** Belongs to the log alone; made when it is not there. */
  directory: string;
  logger: Logger;
  files?: FileSystem;
  compactFrom?: number;
}

interface Waiting {
  record: Buffer;
  /** Nothing in it is durable: nobody needs to wait for the disk. */
  light: boolean;
  resolve(): void;
  reject(error: Error): void;
}

export class FileMetadataLog implements MetadataLog {
  readonly #directory: string;
  readonly #logger: Logger;
  readonly #files: FileSystem;
  readonly #compactFrom: number;
  readonly #rows = new DurableRows();
  #sequence = 0;
  #file: LogFile | null = null;
  /** Length of what counts in the file, and of its snapshot. */
  #size = 0;
  #snapshotSize = 0;
  /** Length of the file with the zeros at its end. */
  #allocated = 0;
  #waiting: Waiting[] = [];
  /** Everything that touches the file, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #committing = false;
  /** The rows in memory are what the file holds, or is about to hold. */
  #known = false;

  constructor({ directory, logger, files, compactFrom }: FileMetadataLogOptions) {
    this.#directory = directory;
    this.#logger = logger;
    this.#files = files ?? nodeFileSystem;
    this.#compactFrom = compactFrom ?? COMPACT_FROM;
  }

  /** Reads the file once; after that, and after anything was written, memory knows as much. */
  load(): Promise<{ sequence: number; changes: Change[] } | null> {
    return this.#alone(() =>
      this.#known ? Promise.resolve({ sequence: this.#sequence, changes: this.#rows.all() }) : this.#read(),
    );
  }

  async #read(): Promise<{ sequence: number; changes: Change[] } | null> {
    await this.#files.makeDirectory(this.#directory);
    await checkFormat(this.#files, this.#directory);
    await this.#closeFile();
    this.#rows.clear();
    if (!(await this.#files.list(this.#directory)).includes(NAME)) return null;
    this.#file = await this.#files.open(join(this.#directory, NAME));
    const bytes = Buffer.allocUnsafeSlow(await this.#file.size());
    const end = await readFully(this.#file, bytes, 0);
    this.#size = end;
    let found = false;
    scanRecords(bytes, end, SEED, {
      record: (type, _flags, _bytes, start, stop) => {
        found = true;
        this.#replay(type, bytes.subarray(start + HEADER_LENGTH, stop));
        if (type === SNAPSHOT) this.#snapshotSize = stop;
      },
      damage: (start, stop, tail) => {
        if (tail && isZero(bytes, start, stop)) this.#size = start;
        else this.#damaged(start, stop, tail);
      },
    });
    if (!found) {
      await this.#closeFile();
      throw new Error(
        `${join(this.#directory, NAME)} is damaged from its beginning: the metadata of this node cannot be read. ` +
          `Put back a copy of it, or remove ${this.#directory} and join the node to its cluster again.`,
      );
    }
    if (this.#size < end) {
      await this.#file.truncate(this.#size);
      await this.#file.sync();
    }
    this.#allocated = this.#size;
    this.#known = true;
    return { sequence: this.#sequence, changes: this.#rows.all() };
  }

  append(transaction: Transaction): Promise<void> {
    this.#known = true;
    this.#sequence = transaction.sequence;
    const changes = this.#rows.apply(transaction.changes);
    const record = makeRecord(TRANSACTION, 0, serialize({ sequence: transaction.sequence, changes }), SEED);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, light: changes.length === 0, resolve, reject });
      if (this.#committing) return;
      this.#committing = true;
      void this.#alone(() => this.#commit());
    });
  }

  replace(sequence: number, changes: Change[]): Promise<void> {
    this.#known = true;
    this.#sequence = sequence;
    this.#rows.clear();
    this.#rows.apply(changes);
    return this.#alone(() => this.#writeAnew());
  }

  wipe(): Promise<void> {
    this.#known = false;
    this.#sequence = 0;
    this.#rows.clear();
    return this.#alone(async () => {
      await this.#closeFile();
      if (!(await this.#files.list(this.#directory)).includes(NAME)) return;
      await this.#files.remove(join(this.#directory, NAME));
      await this.#files.syncDirectory(this.#directory);
    });
  }

  close(): Promise<void> {
    return this.#alone(async () => {
      await this.#file?.truncate(this.#size).catch(() => undefined);
      await this.#file?.sync();
      await this.#closeFile();
      this.#known = false;
    });
  }

  /** Runs `task` when all before it is done. */
  #alone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#work.then(task);
    this.#work = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #commit(): Promise<void> {
    this.#committing = false;
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#file === null || this.#size > this.#snapshotSize * 2 + this.#compactFrom) {
        // The rows already hold this batch.
        await this.#writeAnew();
      } else {
        await this.#extend(this.#file, batch);
      }
      for (const waiting of batch) waiting.resolve();
    } catch (error) {
      this.#logger.error(
        `metadata log: could not write to ${join(this.#directory, NAME)}: ${(error as Error).message}. ` +
          'Check the disk and its free space.',
      );
      for (const waiting of batch) waiting.reject(error as Error);
    }
  }

  async #extend(file: LogFile, batch: readonly Waiting[]): Promise<void> {
    const parts = batch.map((waiting) => waiting.record);
    const end = parts.reduce((sum, part) => sum + part.length, this.#size);
    const grows = end > this.#allocated;
    try {
      await writeFully(file, grows ? [...parts, AHEAD] : parts, this.#size);
      if (grows) this.#allocated = end + AHEAD.length;
      if (batch.some((waiting) => !waiting.light)) await file.sync();
    } catch (error) {
      // What a failed sync left behind is unknown: the next commit begins a new file from the rows.
      await this.#closeFile().catch(() => undefined);
      throw error;
    }
    this.#size = end;
  }

  async #writeAnew(): Promise<void> {
    const payload = serialize({ sequence: this.#sequence, changes: this.#rows.all() });
    const record = makeRecord(SNAPSHOT, 0, payload, SEED);
    const temporary = join(this.#directory, `${NAME}.new`);
    await this.#files.makeDirectory(this.#directory);
    const file = await this.#files.create(temporary);
    try {
      await writeFully(file, [record, AHEAD], 0);
      await file.sync();
      await this.#files.rename(temporary, join(this.#directory, NAME));
      await this.#files.syncDirectory(this.#directory);
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.#closeFile().catch(() => undefined);
      throw error;
    }
    await this.#closeFile();
    this.#file = file;
    this.#size = record.length;
    this.#snapshotSize = record.length;
    this.#allocated = record.length + AHEAD.length;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  #replay(type: number, payload: Buffer): void {
    const { sequence, changes } = deserialize(payload) as Transaction;
    if (type === SNAPSHOT) this.#rows.clear();
    this.#sequence = sequence;
    this.#rows.apply(changes);
  }

  #damaged(start: number, end: number, tail: boolean): void {
    const path = join(this.#directory, NAME);
    if (tail) {
      this.#size = start;
      this.#logger.info(
        `metadata log: the last ${end - start} bytes of ${path} were not written whole; cut off`,
      );
      return;
    }
    this.#logger.error(
      `metadata log: ${end - start} bytes at ${start} of ${path} are damaged; the changes in them are lost, ` +
        'what follows them is kept. The disk returned other bytes than were written: check it.',
    );
  }
}

function isZero(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}
