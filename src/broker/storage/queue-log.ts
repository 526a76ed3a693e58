/**
 * One queue's part of the log. The index says where each entry is: in the gathering batch (removed by taking it
 * out), or in a segment (removed by a record). A clear forgets everything at once.
 */
import type { QueueEntry } from '../core/message.js';
import { decodeEntry } from '../core/message-codec.js';
import type { Logger, QueueStore } from '../core/ports.js';
import type { Confirms } from '../core/queue-port.js';
import type { CommitLoop } from './commit-loop.js';
import { DELIVERED, LENGTH, PAGED, PositionIndex, STAGED } from './position-index.js';
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

  async recover(): Promise<QueueEntry[]> {
    const positions: number[] = [];
    this.index.forEach((position) => {
      positions.push(position);
    });
    return this.load(positions);
  }

  append(entry: QueueEntry, confirms: Confirms | null, sequence: number): void {
    confirms?.hold(sequence);
    if (this.index.find(entry.position)) this.remove(entry.position);
    const { gathering } = this.commits;
    const place = gathering.stage(entry, this, confirms, sequence);
    gathering.mustSync = true;
    this.index.put(entry.position, STAGED, place, 0);
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
    this.commits.settlements(this).delivered.push(position, words[at] as number);
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
    this.commits.settlements(this).removed.push(position, segment);
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
    const { gathering } = this.commits;
    let waits = false;
    for (const entry of entries) {
      if (this.index.find(entry.position)) {
        // On its way or written: this or the batch before is the last that it can be in.
        waits = true;
        continue;
      }
      const place = gathering.stage(entry, this, null, 0);
      this.index.put(entry.position, STAGED, place, PAGED);
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
        found[place] = this.commits.gathering.entries[offset] as QueueEntry;
        continue;
      }
      const segment = this.segments.all.get(words[at] as number);
      if (segment === undefined) continue;
      if (offset >= segment.written) {
        await this.commits.flush(false);
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

  #dead(segmentId: number, word: number): void {
    const segment = this.segments.all.get(segmentId);
    if (segment === undefined) return;
    segment.live--;
    segment.liveBytes -= word & LENGTH;
  }
}
