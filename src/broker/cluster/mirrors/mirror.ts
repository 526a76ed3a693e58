/**
 * The copy of a queue that this node mirrors, in order of the leader's stream: entries by position, persistent
 * ones of a durable queue in this node's store as well. An entry is safe here when it is kept and, if it goes to
 * the store, synced; the leader is told the highest number up to which everything is.
 */
import type { QueueEntry } from '../../core/message.js';
import type { QueueStore } from '../../core/ports.js';
import type { Confirms } from '../../core/queue-port.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { each, includes, type Ranges, rangesOf } from './ranges.js';
import { type Begin, writeNumber } from './wire.js';

export class Mirror implements Confirms {
  readonly #store: QueueStore;
  readonly #entries = new Map<number, QueueEntry>();
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
    for (const position of [...this.#entries.keys()]) {
      if (!includes(begin.holds, position)) this.remove(position);
    }
    return rangesOf(this.#lacking(begin.holds));
  }

  follows(link: Link, handle: number): boolean {
    return link === this.#link && handle === this.#handle;
  }

  keep(number: number, entry: QueueEntry): void {
    if (this.#entries.has(entry.position)) this.remove(entry.position);
    this.#entries.set(entry.position, entry);
    this.#received = number;
    if (this.#persists(entry)) this.#store.append(entry, this, number);
    this.#tell();
  }

  /** The leader has sent everything; answered when all of it is safe. */
  complete(number: number): void {
    this.#received = number;
    this.#tell();
  }

  delivered(position: number): void {
    const entry = this.#entries.get(position);
    if (entry === undefined) return;
    entry.redelivered = true;
    if (this.#persists(entry)) this.#store.delivered(position);
  }

  remove(position: number): void {
    const entry = this.#entries.get(position);
    if (entry === undefined) return;
    this.#entries.delete(position);
    if (this.#persists(entry)) this.#store.remove(position);
  }

  removeAll(): void {
    this.#entries.clear();
    this.#store.removeAll();
  }

  /** Everything, for the queue that this node leads from now on. */
  takeOver(): QueueEntry[] {
    this.#link = null;
    return [...this.#entries.values()].sort((a, b) => a.position - b.position);
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

  *#lacking(holds: Ranges): IterableIterator<number> {
    for (const position of each(holds)) if (!this.#entries.has(position)) yield position;
  }

  #persists(entry: QueueEntry): boolean {
    return this.#durable && entry.message.persistent;
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
