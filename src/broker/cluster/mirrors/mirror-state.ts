/**
 * One mirror in the eyes of the leader. It begins by telling the mirror what the queue holds; the mirror drops
 * what else it has and answers what it lacks. From the begin on it gets everything that happens. What it lacks
 * is sent if it is to be in sync: at once where the policy says automatic, where the metadata counts it as in
 * sync already (it has just got a new leader), or when somebody asks. It is sent in batches that are read from
 * the queue one after the other, no faster than the mirror has them safe. Otherwise it comes into sync by itself
 * when the last message that it lacks has left the queue.
 */
import type { QueueEntry } from '../../core/message.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { count, each, includes, type Ranges } from './ranges.js';
import { writeEntryFrame, writeNumber } from './wire.js';

/** Bytes of a batch of synchronisation, messages at most, and batches that may be under way. */
const batchBytes = 256 * 1024;
const batchMessages = 512;
const batchesUnderWay = 4;
/** What a message weighs besides its body. */
const overhead = 64;

export interface MirrorOf {
  readonly handle: number;
  nextNumber(): number;
  read(positions: readonly number[]): Promise<QueueEntry[]>;
  /** The mirror holds everything. */
  synced(mirror: MirrorState): void;
}

export class MirrorState {
  link: Link | null = null;
  /** Everything up to this number is safe there. */
  safe = 0;
  /** The metadata counts it as in sync: nothing is confirmed before it has caught up. */
  counted: boolean;
  /** The last number that it was sent; others of the queue may have gone to other mirrors alone. */
  #sent = 0;
  inSync = false;
  #missing: Ranges = [];
  #lacking = Number.POSITIVE_INFINITY;
  /** Number of the mirrorSynced on its way. */
  #marker = Number.POSITIVE_INFINITY;
  /** The link on which what it lacks is being sent. */
  #sendingOn: Link | null = null;
  /** Positions that left the queue while what the mirror lacks is being sent. */
  #left = new Set<number>();
  /** How often everything left it. */
  #clears = 0;
  #whenSafe: (() => void) | null = null;

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
    this.#sent = lastNumber;
    this.inSync = false;
    this.#lacking = Number.POSITIVE_INFINITY;
    this.#marker = Number.POSITIVE_INFINITY;
  }

  lost(): void {
    this.link = null;
    this.inSync = false;
    this.#wake();
  }

  answered(missing: Ranges, send: boolean): void {
    this.#missing = missing;
    this.#lacking = count(missing);
    if (this.#lacking === 0) this.#mark();
    else if (send || this.counted) this.sync();
  }

  publish(number: number, entry: QueueEntry): void {
    if (this.link === null) return;
    this.#sent = number;
    writeEntryFrame(this.link, this.queue.handle, number, entry);
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
    this.#clears++;
    const at = this.link.outbox.reserve(frameTypes.mirrorRemoveAll, 4);
    this.link.outbox.block.writeUInt32BE(this.queue.handle, at);
    if (this.#sending || this.#lacking === 0 || this.#lacking === Number.POSITIVE_INFINITY) return;
    this.#lacking = 0;
    this.#mark();
  }

  safeUpTo(number: number): void {
    this.safe = Math.max(this.safe, number);
    this.#wake();
    if (this.inSync || this.safe < this.#marker) return;
    this.inSync = true;
    this.queue.synced(this);
  }

  /** Sends what it lacks. */
  sync(): void {
    if (this.#sending || this.link === null || this.#lacking === 0) return;
    this.#sendingOn = this.link;
    this.#left.clear();
    void this.#send(this.link, each(this.#missing));
  }

  get #sending(): boolean {
    return this.#sendingOn !== null && this.#sendingOn === this.link;
  }

  async #send(link: Link, positions: IterableIterator<number>): Promise<void> {
    const ends: number[] = [];
    let size = 16;
    for (let batch = take(positions, size); batch.length > 0; batch = take(positions, size)) {
      const bytes = await this.#sendBatch(link, batch);
      ends.push(this.#sent);
      if (ends.length > batchesUnderWay) await this.#safeUpTo(link, ends.shift() as number);
      if (link !== this.link) break;
      size = Math.max(1, Math.min(batchMessages, Math.floor((batchBytes * batch.length) / (bytes + 1))));
    }
    if (this.#sendingOn !== link) return;
    this.#sendingOn = null;
    if (link !== this.link) return;
    this.#left.clear();
    this.#lacking = 0;
    this.#mark();
  }

  /** Answers how many bytes it was. */
  async #sendBatch(link: Link, batch: readonly number[]): Promise<number> {
    const clears = this.#clears;
    let bytes = 0;
    for (const entry of await this.queue.read(batch)) {
      if (link !== this.link || clears !== this.#clears) break;
      bytes += entry.message.body.length + overhead;
      if (!this.#left.has(entry.position)) this.publish(this.queue.nextNumber(), entry);
    }
    return bytes;
  }

  async #safeUpTo(link: Link, number: number): Promise<void> {
    while (link === this.link && this.safe < number) {
      await new Promise<void>((resolve) => {
        this.#whenSafe = resolve;
      });
    }
  }

  #wake(): void {
    this.#whenSafe?.();
    this.#whenSafe = null;
  }

  #mark(): void {
    if (this.link === null) return;
    this.#marker = this.queue.nextNumber();
    writeNumber(this.link, frameTypes.mirrorSynced, this.queue.handle, this.#marker);
  }
}

function take(positions: IterableIterator<number>, count: number): number[] {
  const taken: number[] = [];
  while (taken.length < count) {
    const { value, done } = positions.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
