/**
 * One queue's part of the log. The index says where each entry is: in the gathering batch (removed by taking it
 * out), or in a segment (removed by a record). A clear forgets everything at once.
 */
import type { QueueEntry } from '../core/message.js';
import { decodeEntry } from '../core/message-codec.js';
import type { Logger, QueueStore, StoredEntries } from '../core/ports.js';
import type { Confirms } from '../core/queue-port.js';
import type { CommitLoop } from './commit-loop.js';
import { bodyWord, DELIVERED, EXPIRES, LENGTH, PAGED, PositionIndex, STAGED } from './position-index.js';
import { readEntries, type Wanted } from './read-entries.js';
import type { Segments } from './segments.js';
import type { Settlements } from './settlements.js';

export class QueueLog implements QueueStore {
  readonly index = new PositionIndex();
  /** What happened since the last batch was taken; in the gathering batch's list while not null. */
  pending: Settlements | null = null;
  /** Every number that stands for it in the log. */
  readonly numbers: number[];

  constructor(
    readonly id: string,
    readonly number: number,
    private readonly commits: CommitLoop,
    private readonly segments: Segments,
    private readonly logger: Logger,
    private readonly dropped: (queue: QueueLog) => void,
  ) {
    this.numbers = [number];
  }

  stored(): StoredEntries {
    const { size } = this.index;
    const positions = new Float64Array(size);
    const bodyLengths = new Uint32Array(size);
    const found = { positions, bodyLengths, persistent: 0, persistentBytes: 0, expires: false };
    let at = 0;
    this.index.forEach((position, _segment, _offset, word, body) => {
      const length = body & LENGTH;
      positions[at] = position;
      bodyLengths[at++] = length;
      found.expires ||= (body & EXPIRES) !== 0;
      if ((word & PAGED) !== 0) return;
      found.persistent++;
      found.persistentBytes += length;
    });
    return found;
  }

  append(entry: QueueEntry, confirms: Confirms | null, sequence: number): void {
    confirms?.hold(sequence);
    if (this.index.find(entry.position)) this.remove(entry.position);
    const { gathering } = this.commits;
    const place = gathering.stage(entry, this, confirms, sequence);
    gathering.mustSync = true;
    this.index.put(entry.position, STAGED, place, 0, wordOf(entry));
    this.commits.staged(confirms !== null);
  }

  delivered(position: number): void {
    const { index } = this;
    if (!index.find(position)) return;
    const { words, at } = index;
    const word = words[at + 2] as number;
    if ((word & DELIVERED) !== 0) return;
    words[at + 2] = (word | DELIVERED) >>> 0;
    if (words[at] === STAGED || (word & PAGED) !== 0) return;
    this.commits.settlements(this).delivered.add(position, words[at] as number);
    this.commits.staged(false);
  }

  remove(position: number): void {
    const { index } = this;
    if (!index.find(position)) return;
    const { words, at } = index;
    const segment = words[at] as number;
    const offset = words[at + 1] as number;
    const word = words[at + 2] as number;
    index.delete();
    if (segment === STAGED) {
      this.commits.gathering.unstage(offset);
      return;
    }
    this.#dead(segment, word);
    if ((word & PAGED) !== 0) return;
    this.commits.settlements(this).removed.add(position, segment);
    this.commits.gathering.mustSync = true;
    this.commits.staged(false);
  }

  removeAll(): void {
    const { index, commits } = this;
    let written = this.pending !== null;
    index.forEach((_position, segment, offset, word) => {
      if (segment === STAGED) {
        commits.gathering.unstage(offset);
        return;
      }
      this.#dead(segment, word);
      written = true;
    });
    index.clear();
    if (!written) return;
    commits.settlements(this).clear();
    commits.gathering.mustSync = true;
    commits.staged(false);
  }

  drop(): void {
    this.removeAll();
    this.dropped(this);
  }

  async page(entries: readonly QueueEntry[]): Promise<void> {
    let waits = false;
    for (const entry of entries) {
      if (this.index.find(entry.position)) {
        // On its way, or written: this or the batch before is the last that it can be in.
        waits ||= !this.#written();
        continue;
      }
      const place = this.commits.gathering.stage(entry, this, null, 0);
      this.index.put(entry.position, STAGED, place, PAGED, wordOf(entry));
      waits = true;
    }
    if (waits) await this.commits.flush(false);
  }

  async load(positions: readonly number[]): Promise<QueueEntry[]> {
    const found: (QueueEntry | null)[] = new Array(positions.length).fill(null);
    const wanted: Wanted[] = [];
    for (const [place, position] of positions.entries()) {
      if (!this.index.find(position)) continue;
      const { words, at } = this.index;
      const offset = words[at + 1] as number;
      const word = words[at + 2] as number;
      if (words[at] === STAGED) {
        const entry = this.commits.gathering.entries[offset] as QueueEntry;
        found[place] = (word & DELIVERED) !== 0 ? { ...entry, redelivered: true } : entry;
        continue;
      }
      const segment = this.segments.all.get(words[at] as number);
      if (segment === undefined) continue;
      if (offset >= segment.written) {
        // Should it fail, the entry is in memory again or where it was before.
        await this.commits.flush(false).catch(() => undefined);
        return this.load(positions);
      }
      wanted.push({ place, segment, offset, length: word & LENGTH, delivered: (word & DELIVERED) !== 0 });
    }
    await readEntries(wanted, this.logger, (want, bytes, payload) => {
      const { entry } = decodeEntry(bytes, payload + 4);
      if (want.delivered) entry.redelivered = true;
      found[want.place] = entry;
    });
    return found.filter((entry) => entry !== null);
  }

  /** Is the entry whose slot was found in a file? */
  #written(): boolean {
    const { words, at } = this.index;
    const segment = this.segments.all.get(words[at] as number);
    return segment !== undefined && (words[at + 1] as number) < segment.written;
  }

  #dead(segmentId: number, word: number): void {
    const segment = this.segments.all.get(segmentId);
    if (segment === undefined) return;
    segment.live--;
    segment.liveBytes -= word & LENGTH;
  }
}

function wordOf({ message, expiresAt }: QueueEntry): number {
  return bodyWord(message.body.length, expiresAt !== Number.POSITIVE_INFINITY);
}
