/**
 * The copy of a queue that this node mirrors, in order of the leader's stream. Persistent entries of a durable
 * queue are in this node's store and nowhere else: nobody reads them before this node is promoted. The others
 * are in memory, up to a bound; beyond it the oldest are paged out to the store. An entry is safe here when it
 * is kept and, if it outlives a restart, synced; the leader is told the highest number up to which everything is.
 */
import type { QueueEntry } from '../../core/message.js';
import type { QueueStore } from '../../core/ports.js';
import type { Confirms } from '../../core/queue-port.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { each, type Ranges, rangesOf, without } from './ranges.js';
import { type Begin, writeNumber } from './wire.js';

/** So many entries, or bytes of them, may be in memory; half of them are paged out when there are more. */
const MOST_ENTRIES = 4096;
const MOST_BYTES = 8 * 1024 * 1024;

export class Mirror implements Confirms {
  readonly #store: QueueStore;
  /** What the store need not keep, in the order in which it came. */
  readonly #inMemory = new Map<number, QueueEntry>();
  #bytes = 0;
  #paging = false;
  /** Numbers of entries on their way to the disk, in order. */
  readonly #syncing = new Set<number>();
  #durable = false;
  #link: Link | null = null;
  #handle = 0;
  #session = -1;
  #received = 0;
  #told = 0;
  #telling = false;

  constructor(store: QueueStore) {
    this.#store = store;
    // What the store has is of an earlier life; the leader knows better.
    store.removeAll();
  }

  /** Follows a leader from here on; answers what it holds and this node does not. Null for an outdated leader. */
  begin(begin: Begin, link: Link): Ranges | null {
    if (begin.session < this.#session) return null;
    this.#session = begin.session;
    this.#durable = begin.durable;
    this.#handle = begin.handle;
    this.#link = link;
    this.#syncing.clear();
    this.#received = 0;
    this.#told = 0;
    const held = this.#held();
    for (const position of each(without(held, begin.holds))) this.remove(position);
    return without(begin.holds, held);
  }

  follows(link: Link, handle: number): boolean {
    return link === this.#link && handle === this.#handle;
  }

  keep(number: number, entry: QueueEntry): void {
    this.#forget(entry.position);
    this.#received = number;
    if (this.#durable && entry.message.persistent) {
      this.#store.append(entry, this, number);
    } else {
      this.#store.remove(entry.position);
      this.#inMemory.set(entry.position, entry);
      this.#bytes += entry.message.body.length;
      if (this.#inMemory.size > MOST_ENTRIES || this.#bytes > MOST_BYTES) void this.#page();
    }
    this.#tell();
  }

  /** The leader has sent everything; answered when all of it is safe. */
  complete(number: number): void {
    this.#received = number;
    this.#tell();
  }

  delivered(position: number): void {
    const entry = this.#inMemory.get(position);
    if (entry !== undefined) entry.redelivered = true;
    this.#store.delivered(position);
  }

  remove(position: number): void {
    this.#forget(position);
    this.#store.remove(position);
  }

  removeAll(): void {
    this.#inMemory.clear();
    this.#bytes = 0;
    this.#store.removeAll();
  }

  /** What is not in the store, for the queue that this node leads from now on. */
  takeOver(): QueueEntry[] {
    this.#link = null;
    const entries = [...this.#inMemory.values()].sort((a, b) => a.position - b.position);
    this.#inMemory.clear();
    // What is just being paged out stays in memory alone.
    for (const { position } of entries) this.#store.remove(position);
    return entries;
  }

  drop(): void {
    this.#link = null;
    this.#store.drop();
  }

  // From the store; a number is only told when all before it are safe.

  hold(number: number): void {
    this.#syncing.add(number);
  }

  release(number: number): void {
    if (this.#syncing.delete(number)) this.#tell();
  }

  /** The disk failed: nothing from here on is safe on this node, and the leader is never told that it is. */
  refuse(): void {}

  #held(): Ranges {
    const { positions } = this.#store.stored();
    if (this.#inMemory.size === 0) return rangesOf(positions);
    return rangesOf(new Set(Float64Array.from([...positions, ...this.#inMemory.keys()]).sort()));
  }

  #forget(position: number): void {
    const entry = this.#inMemory.get(position);
    if (entry === undefined) return;
    this.#inMemory.delete(position);
    this.#bytes -= entry.message.body.length;
  }

  /** The oldest half; what is removed meanwhile is removed from the store as well. */
  async #page(): Promise<void> {
    if (this.#paging) return;
    this.#paging = true;
    const half = Math.ceil(this.#inMemory.size / 2);
    const entries = [...this.#inMemory.values()].slice(0, half);
    try {
      await this.#store.page(entries);
      for (const entry of entries) {
        if (this.#inMemory.get(entry.position) === entry) this.#forget(entry.position);
      }
    } catch {
      // They stay in memory; the store says what is wrong with the disk.
    } finally {
      this.#paging = false;
    }
  }

  /** Once a turn. */
  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    setImmediate(() => {
      this.#telling = false;
      const link = this.#link;
      if (link === null || link.closed) return;
      let safe = this.#received;
      for (const number of this.#syncing) {
        safe = number - 1;
        break;
      }
      if (safe <= this.#told) return;
      this.#told = safe;
      writeNumber(link, frameTypes.mirrorSafe, this.#handle, safe);
      link.outbox.flush();
    });
  }
}
