/**
 * Where a queue's messages are kept besides its own memory: the store, for persistent ones of a durable queue,
 * and the mirrors, for all, as long as there are any. Counts what is persistent on the way.
 */
import type { QueueEntry } from '../message.js';
import type { QueueRow } from '../metadata/rows.js';
import type { QueueStore, Replicator } from '../ports.js';
import type { Confirms } from '../queue-port.js';
import type { Entry } from './entry.js';

export class Safekeeping {
  /** Entries that are in the store or wait to be written to it. */
  persistent = 0;
  persistentBytes = 0;
  #replicator: Replicator | null = null;

  constructor(
    private readonly durable: boolean,
    private readonly store: QueueStore,
    /** For a queue that has its first mirror. */
    private readonly replicatorFor: (row: QueueRow) => Replicator,
  ) {}

  keep(entry: Entry, confirms: Confirms | null, sequence: number): void {
    if (this.durable && entry.message.persistent) {
      this.#count(entry);
      this.store.append(entry, confirms, sequence);
    }
    this.#replicator?.publish(entry, confirms, sequence);
  }

  /** What was read from the store, or taken over from a mirror, which had stored it. */
  recovered(entry: Entry): void {
    if (this.durable && entry.message.persistent) this.#count(entry);
  }

  delivered(entry: Entry): void {
    if (entry.stored) this.store.delivered(entry.position);
    this.#replicator?.delivered(entry.position);
  }

  requeued(entry: Entry): void {
    this.#replicator?.requeued(entry.position);
  }

  forget(entry: Entry): void {
    if (entry.stored) {
      this.persistent--;
      this.persistentBytes -= entry.message.body.length;
      this.store.remove(entry.position);
    }
    this.#replicator?.remove(entry.position);
  }

  /** Everything there is. */
  forgetAll(): void {
    this.persistent = 0;
    this.persistentBytes = 0;
    this.store.removeAll();
    this.#replicator?.removeAll();
  }

  mirrors(row: QueueRow, entries: () => Iterable<QueueEntry>): void {
    if (row.mirrors.length > 0) this.#replicator ??= this.replicatorFor(row);
    this.#replicator?.mirrors(row, entries);
    if (row.mirrors.length === 0) this.close();
  }

  close(): void {
    this.#replicator?.close();
    this.#replicator = null;
  }

  drop(): void {
    this.store.drop();
  }

  #count(entry: Entry): void {
    entry.stored = true;
    this.persistent++;
    this.persistentBytes += entry.message.body.length;
  }
}
