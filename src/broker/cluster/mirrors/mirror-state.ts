/**
 * One mirror in the eyes of the leader. It begins by telling the mirror what the queue holds; the mirror drops
 * what else it has and answers what it lacks. From the begin on it gets everything that happens. What it lacks
 * is sent if it is to be in sync: at once where the policy says automatic, where the metadata counts it as in
 * sync already (it has just got a new leader), or when somebody asks. Otherwise it comes into sync by itself
 * when the last message that it lacks has left the queue.
 */
import type { QueueEntry } from '../../core/message.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { count, includes, type Ranges } from './ranges.js';
import { writeEntryFrame, writeNumber } from './wire.js';

/** A burst of synchronisation, and how much may wait on the link before the next. */
const burst = 256 * 1024;
const enough = 1024 * 1024;

export interface MirrorOf {
  readonly handle: number;
  nextNumber(): number;
  entries(): Iterable<QueueEntry>;
  /** The mirror holds everything. */
  synced(mirror: MirrorState): void;
}

export class MirrorState {
  link: Link | null = null;
  /** Everything up to this number is safe there. */
  safe = 0;
  /** The metadata counts it as in sync: nothing is confirmed before it has caught up. */
  counted: boolean;
  inSync = false;
  #missing: Ranges = [];
  #lacking = Number.POSITIVE_INFINITY;
  /** Number of the mirrorSynced on its way. */
  #marker = Number.POSITIVE_INFINITY;
  #sending = false;
  /** Positions that left the queue while what the mirror lacks is being sent. */
  #left = new Set<number>();

  constructor(
    readonly node: string,
    private readonly queue: MirrorOf,
    counted: boolean,
  ) {
    this.counted = counted;
  }

  /** Does a confirm of entries up to `number` have to wait for it? */
  holdsBack(number: number): boolean {
    if (this.counted && !this.inSync) return true;
    return this.link !== null && this.safe < number;
  }

  begin(link: Link, lastNumber: number): void {
    this.link = link;
    this.safe = lastNumber;
    this.inSync = false;
    this.#lacking = Number.POSITIVE_INFINITY;
    this.#marker = Number.POSITIVE_INFINITY;
  }

  lost(): void {
    this.link = null;
    this.inSync = false;
  }

  answered(missing: Ranges, send: boolean): void {
    this.#missing = missing;
    this.#lacking = count(missing);
    if (this.#lacking === 0) this.#mark();
    else if (send || this.counted) this.sync();
  }

  publish(number: number, entry: QueueEntry): void {
    if (this.link !== null) writeEntryFrame(this.link, this.queue.handle, number, entry);
  }

  removed(position: number): void {
    if (this.link === null) return;
    writeNumber(this.link, frameTypes.mirrorRemove, this.queue.handle, position);
    if (this.#sending) this.#left.add(position);
    else if (this.#lacking > 0 && includes(this.#missing, position)) {
      this.#lacking--;
      if (this.#lacking === 0) this.#mark();
    }
  }

  removedAll(): void {
    if (this.link === null) return;
    const at = this.link.outbox.reserve(frameTypes.mirrorRemoveAll, 4);
    this.link.outbox.block.writeUInt32BE(this.queue.handle, at);
    if (this.#sending || this.#lacking === 0 || this.#lacking === Number.POSITIVE_INFINITY) return;
    this.#lacking = 0;
    this.#mark();
  }

  safeUpTo(number: number): void {
    this.safe = Math.max(this.safe, number);
    if (this.inSync || this.safe < this.#marker) return;
    this.inSync = true;
    this.queue.synced(this);
  }

  /** Sends what it lacks, in bursts, so that the queue serves its clients meanwhile. */
  sync(): void {
    if (this.#sending || this.link === null || this.#lacking === 0) return;
    this.#sending = true;
    this.#left.clear();
    const missing = this.#missing;
    const entries = [...this.queue.entries()].filter(({ position }) => includes(missing, position));
    this.#send(this.link, entries, 0);
  }

  #send(link: Link, entries: QueueEntry[], from: number): void {
    if (link !== this.link) {
      this.#sending = false;
      return;
    }
    let at = from;
    for (let sent = 0; at < entries.length && sent < burst && link.outbox.backlog < enough; at++) {
      const entry = entries[at] as QueueEntry;
      sent += entry.message.body.length + 64;
      if (!this.#left.has(entry.position)) this.publish(this.queue.nextNumber(), entry);
    }
    if (at < entries.length) {
      setImmediate(() => this.#send(link, entries, at));
      return;
    }
    this.#sending = false;
    this.#left.clear();
    this.#lacking = 0;
    this.#mark();
  }

  #mark(): void {
    if (this.link === null) return;
    this.#marker = this.queue.nextNumber();
    writeNumber(this.link, frameTypes.mirrorSynced, this.queue.handle, this.#marker);
  }
}
