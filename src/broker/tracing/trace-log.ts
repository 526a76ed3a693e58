/**
 * One log file. What is appended waits a moment and is then written in one piece with all that came meanwhile: to
 * open the file and close it costs more than what is written. While a lot waits the traces that write here take no
 * more (`full`), and their queues hold the messages. A file that has reached its limit becomes NAME.log.1, in the
 * place of the one before it, so that a log takes twice the limit at most. The file is opened for each piece: one
 * that was deleted begins anew.
 */
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../core/ports.js';

const logLimit = 64 * 1024 * 1024;
const waitingLimit = 4 * 1024 * 1024;
/** Milliseconds. */
const moment = 10;

export class TraceLog {
  #waiting: Buffer[] = [];
  #bytes = 0;
  #writing: Promise<void> | null = null;
  #failing = false;
  readonly #roomy = new Set<() => void>();

  constructor(
    readonly file: string,
    private readonly logger: Logger,
    private readonly limit = logLimit,
  ) {}

  /** Creates the file. Rejects when it cannot. */
  async open(): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    await appendFile(this.file, '', { mode: 0o600 });
  }

  get full(): boolean {
    return this.#bytes > waitingLimit;
  }

  append(record: Buffer): void {
    this.#waiting.push(record);
    this.#bytes += record.length;
    this.#writing ??= this.#write();
  }

  /** Called whenever it is no longer full; the answer ends that. */
  onRoom(listener: () => void): () => void {
    this.#roomy.add(listener);
    return () => void this.#roomy.delete(listener);
  }

  /** Resolves when all of it is in the file. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      await pause(moment);
      const piece = Buffer.concat(this.#waiting);
      const full = this.full;
      this.#waiting = [];
      this.#bytes = 0;
      await this.#append(piece);
      if (full) for (const listener of this.#roomy) listener();
    }
    this.#writing = null;
  }

  /** What cannot be written is lost; the first time, the broker's log says so. */
  async #append(piece: Buffer): Promise<void> {
    try {
      const { size } = await stat(this.file).catch(() => ({ size: 0 }));
      if (size > 0 && size + piece.length > this.limit) await rename(this.file, `${this.file}.1`);
      await appendFile(this.file, piece, { mode: 0o600 });
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.logger.error(`cannot write ${this.file}: ${(error as Error).message}`);
      this.#failing = true;
    }
  }
}
