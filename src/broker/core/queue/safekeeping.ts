/**
 * Where a queue's messages are kept besides its own memory: the store, for persistent ones of a durable queue,
 * and the mirrors, for all, as long as there are any. Counts what is persistent on the way.
 */
import type { Message } from '../message.js';
import type { QueueRow } from '../metadata/rows.js';
import type { QueueContents, QueueStore, Replicator, StoredEntries } from '../ports.js';
import type { Confirms } from '../queue-port.js';
import type { Entry, PagedEntry } from './entry.js';
import type { ReadyMessages } from './ready-messages.js';
import type { Unacknowledged } from './unacknowledged.js';

/** Quorum queues and streams keep every message; its own delivery mode is what clients see, and other queues go by. */
export function asKept(message: Message, { type }: QueueRow): Message {
  return type === 'classic' || message.persistent ? message : { ...message, persistent: true };
}

export class Safekeeping {
  /** Entries that outlive a restart, or wait to be written. */
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
      entry.stored = true;
      this.#count(1, entry.message.body.length);
      this.store.append(entry, confirms, sequence);
    }
    this.#replicator?.publish(entry, confirms, sequence);
  }

  /** What the store has from before. */
  recovered({ persistent, persistentBytes }: StoredEntries): void {
    this.#count(persistent, persistentBytes);
  }

  /** What it had and cannot read any more. */
  lost(count: number, bytes: number): void {
    if (this.durable) this.#count(-count, -bytes);
  }

  delivered(entry: Entry): void {
    if (entry.stored) this.store.delivered(entry.position);
    this.#replicator?.delivered(entry.position);
  }

  requeued(entry: Entry | PagedEntry): void {
    this.#replicator?.requeued(entry.position);
  }

  forget(entry: Entry | PagedEntry): void {
    if (entry.stored) {
      if (this.durable && entry.persistent) this.#count(-1, -entry.bodyLength);
      this.store.remove(entry.position);
    }
    this.#replicator?.remove(entry.position);
  }

  /** All but those that are unacknowledged. */
  forgetReady(ready: ReadyMessages, unacknowledged: Unacknowledged): void {
    if (unacknowledged.size === 0) {
      this.#forgetAll();
      return;
    }
    for (const position of ready.positions()) {
      this.store.remove(position);
      this.#replicator?.remove(position);
    }
    this.persistent = 0;
    this.persistentBytes = 0;
    if (!this.durable) return;
    for (const { persistent, bodyLength } of unacknowledged.values()) {
      if (persistent) this.#count(1, bodyLength);
    }
  }

  /** Everything there is. */
  #forgetAll(): void {
    this.persistent = 0;
    this.persistentBytes = 0;
    this.store.removeAll();
    this.#replicator?.removeAll();
  }

  mirrors(row: QueueRow, contents: QueueContents): void {
    if (row.mirrors.length > 0) this.#replicator ??= this.replicatorFor(row);
    this.#replicator?.mirrors(row, contents);
    if (row.mirrors.length === 0) this.close();
  }

  close(): void {
    this.#replicator?.close();
    this.#replicator = null;
  }

  drop(): void {
    this.store.drop();
  }

  #count(messages: number, bytes: number): void {
    this.persistent += messages;
    this.persistentBytes += bytes;
  }
}
