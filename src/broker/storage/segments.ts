/**
 * The files of the message log, `00000001.log` and up: which there are, what of each is still alive, which one
 * is written to.
 *
 * A segment begins with a record that names it and lists the cuts: segments whose end failed to be written, and
 * how much of them counts. It also names every queue before the first record about it, so that each segment
 * can be read without the others.
 *
 * A removal names the segment of the entry it removes. It is needed as long as that segment exists; `targets`
 * lists those, so that a segment without live entries is known to be free, or to have removals to pass on.
 */
import { join } from 'node:path';
import { type FileSystem, type LogFile, readFully } from './file-system.js';

export const RECORD = {
  segment: 1,
  queue: 2,
  entry: 3,
  removed: 4,
  cleared: 5,
  delivered: 6,
} as const;

export class Segment {
  /** Bytes given out to batches, those of them that are in the file, and those that are synced. */
  size = 0;
  written = 0;
  synced = 0;
  live = 0;
  liveBytes = 0;
  /** Segments that removals in this one speak of. */
  readonly targets = new Set<number>();
  /** Queues that were cleared in this one. */
  readonly clears = new Set<number>();
  /** Queue numbers that this segment names. */
  readonly named = new Set<number>();
  /** An entry of it was seen again in a later segment: its compaction was interrupted and comes first. */
  superseded = false;
  /** Its name is out of the directory, though perhaps not yet on the disk. */
  unlinked = false;
  #readers = 0;
  #gone = false;

  constructor(
    readonly id: number,
    readonly path: string,
    readonly file: LogFile,
  ) {}

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    this.#readers++;
    try {
      const count = await readFully(this.file, bytes, offset);
      return count === length ? bytes : bytes.subarray(0, count);
    } finally {
      this.#readers--;
      if (this.#gone && this.#readers === 0) await this.file.close();
    }
  }

  /** Closes the file once nobody reads it any more. */
  async retire(): Promise<void> {
    this.#gone = true;
    if (this.#readers === 0) await this.file.close();
  }
}

export class Segments {
  readonly all = new Map<number, Segment>();
  active: Segment | null = null;
  /** Segment id → length that counts: every later segment lists it, for as long as the cut one exists. */
  readonly cuts = new Map<number, number>();
  #next = 1;

  constructor(
    readonly directory: string,
    private readonly files: FileSystem,
  ) {}

  async openAll(): Promise<void> {
    await this.files.makeDirectory(this.directory);
    // A process that was killed may have removed segments without having synced that.
    await this.files.syncDirectory(this.directory);
    const ids = (await this.files.list(this.directory))
      .map((name) => /^(\d{8,})\.log$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
    for (const id of ids) {
      const path = this.#path(id);
      const segment = new Segment(id, path, await this.files.open(path));
      segment.size = await segment.file.size();
      segment.written = segment.size;
      segment.synced = segment.size;
      this.all.set(id, segment);
      this.#next = id + 1;
    }
  }

  /** A new active segment; its first record is part of the first batch written to it. */
  async roll(): Promise<Segment> {
    const id = this.#next++;
    const path = this.#path(id);
    const segment = new Segment(id, path, await this.files.create(path));
    try {
      await this.files.syncDirectory(this.directory);
    } catch (error) {
      await segment.file.close().catch(() => undefined);
      await this.files.remove(path).catch(() => undefined);
      throw error;
    }
    // Both at once: a segment that is known and not active may be compacted.
    this.all.set(id, segment);
    this.active = segment;
    return segment;
  }

  /** Payload of the record that a segment begins with. */
  firstPayload(segment: Segment): Buffer {
    const payload = Buffer.alloc(4 + this.cuts.size * 8);
    payload.writeUInt32BE(segment.id, 0);
    let at = 4;
    for (const [id, length] of this.cuts) {
      payload.writeUInt32BE(id, at);
      payload.writeUInt32BE(length, at + 4);
      at += 8;
    }
    return payload;
  }

  /** Nothing behind the last sync counts any more, here and after a restart. */
  async cut(segment: Segment): Promise<void> {
    segment.size = segment.written;
    this.cuts.set(segment.id, segment.synced);
    // Without a first record it is no segment. If it cannot be removed either, the cut speaks of it.
    if (segment.synced === 0 && segment.live === 0) await this.remove(segment).catch(() => undefined);
  }

  /** Cuts the file itself. */
  async shorten(segment: Segment, length: number): Promise<void> {
    await segment.file.truncate(length);
    await segment.file.sync();
    segment.size = length;
    segment.written = length;
    segment.synced = length;
  }

  oldest(): number {
    for (const id of this.all.keys()) return id;
    return this.#next;
  }

  /**
   * Until its directory is synced a power cut may bring the file back, so what other segments say of it (removals,
   * a clear, its cut) counts as needed until then.
   */
  async remove(segment: Segment): Promise<void> {
    if (!segment.unlinked) await this.files.remove(segment.path);
    segment.unlinked = true;
    await this.files.syncDirectory(this.directory);
    this.all.delete(segment.id);
    this.cuts.delete(segment.id);
    await segment.retire();
  }

  async closeAll(): Promise<void> {
    for (const segment of this.all.values()) await segment.retire();
    this.all.clear();
    this.active = null;
  }

  #path(id: number): string {
    return join(this.directory, `${String(id).padStart(8, '0')}.log`);
  }
}

/** The cuts that a segment's first record lists. */
export function readCuts(bytes: Buffer, payload: number, end: number): [id: number, length: number][] {
  const cuts: [number, number][] = [];
  for (let at = payload + 4; at + 8 <= end; at += 8) {
    cuts.push([bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]);
  }
  return cuts;
}
