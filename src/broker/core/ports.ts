/**
 * What the core needs from the rooms around it. `storage` and `cluster` implement these; tests use small
 * in-memory ones. The core itself never opens a file or a socket.
 */
import type { QueueEntry } from './message.js';
import type { Change, QueueRow, Transaction } from './metadata/rows.js';
import type { Tables } from './metadata/tables.js';
import type { Confirms, Queue } from './queue-port.js';

export interface Clock {
  /** Milliseconds since 1970, whole. */
  now(): number;
  /** Calls back once after `ms`; the answer cancels it. Accurate to about a millisecond. */
  after(ms: number, callback: () => void): () => void;
}

export interface Logger {
  debug(line: string): void;
  info(line: string): void;
  warning(line: string): void;
  error(line: string): void;
}

/** The messages of this node's queues, on disk. One store a node, one log and one sync for all its queues. */
export interface MessageStore {
  /** Reads what is there. False when the last run did not close it (kill -9): then all that is left was maybe delivered. */
  open(): Promise<{ cleanShutdown: boolean }>;
  /** Handle of one queue's part, by `QueueRow.id`; creating a handle writes nothing. */
  queue(id: string): QueueStore;
  /** Ids that have entries on disk, so that those of queues gone since can be dropped. */
  queues(): string[];
  /** Flushes, marks a clean shutdown, closes. */
  close(): Promise<void>;
  /**
   * Called when a write or sync failed (EIO, ENOSPC): everything not yet confirmed has been refused, nothing
   * will be confirmed until the cause is gone.
   */
  onFailure(listener: (error: Error) => void): void;
  /** Writing works again after a failure. */
  onRecovery(listener: () => void): void;
  /** More waits to be written than should be held in memory; or (false) no longer. */
  onPressure(listener: (pressed: boolean) => void): void;
}

/** What the store has of a queue, in order of position. */
export interface StoredEntries {
  readonly positions: Float64Array;
  readonly bodyLengths: Uint32Array;
  /** How many will survive a restart (all, unless some were only paged out), and the length of their bodies. */
  readonly persistent: number;
  readonly persistentBytes: number;
  /** One of them at least has a time to live. */
  readonly expires: boolean;
}

export interface QueueStore {
  /** What there is, without reading it. */
  stored(): StoredEntries;
  /**
   * Stages the entry for the next group commit. With `confirms`, holds `sequence` now and releases it after the
   * sync (refuses it when the sync fails). An entry removed before the sync is never written, and is released.
   */
  append(entry: QueueEntry, confirms: Confirms | null, sequence: number): void;
  /** A hint, written without a sync of its own: the entry was delivered once. */
  delivered(position: number): void;
  remove(position: number): void;
  removeAll(): void;
  /** Removes the queue and everything of it. */
  drop(): void;
  /**
   * Resolves when all of them can be loaded: those that were never appended are written now, and do not survive a
   * restart. Rejects when that failed; what was to be written is not there then.
   */
  page(entries: readonly QueueEntry[]): Promise<void>;
  /** In the order asked for, without those that are not there (any more) or damaged. */
  load(positions: readonly number[]): Promise<QueueEntry[]>;
}

/** The metadata of this node, on disk. */
export interface MetadataLog {
  /** Rows last known (durable ones) and the sequence they stand at; null on a blank node. */
  load(): Promise<{ sequence: number; changes: Change[] } | null>;
  /** Resolves after the sync. Only rows that are durable are kept. */
  append(transaction: Transaction): Promise<void>;
  /** Replaces everything (joining a cluster, compaction). */
  replace(sequence: number, changes: Change[]): Promise<void>;
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The replicated tables. An operation (`core/metadata/operations`) is a named function from tables and
 * arguments to changes and a result, or a refusal (AmqpError). It runs on the oldest running node of the cluster, so all
 * operations of a cluster are in one order; `submit` resolves when its changes are applied on every running
 * node and, durable ones, synced to disk on them.
 */
export interface Metadata {
  readonly tables: Tables;
  submit<N extends import('./metadata/operations.js').OperationName>(
    name: N,
    args: import('./metadata/operations.js').OperationArguments<N>,
  ): Promise<import('./metadata/operations.js').OperationResult<N>>;
}

/** Everything a queue holds, ready and unacknowledged, without having to be in memory. */
export interface QueueContents {
  /** Positions as sorted pairs: first, last. */
  ranges(): number[];
  /** In order, as far as they are still there. */
  read(positions: readonly number[]): Promise<QueueEntry[]>;
}

/** Copies the content of one queue that this node leads to its mirrors. Absent on a queue without mirrors. */
export interface Replicator {
  /** Holds `sequence` on `confirms` once, releases it when every mirror that is up has the entry (and synced it, if persistent). */
  publish(entry: QueueEntry, confirms: Confirms | null, sequence: number): void;
  delivered(position: number): void;
  requeued(position: number): void;
  remove(position: number): void;
  removeAll(): void;
  /** Mirrors that run or want syncing changed. */
  mirrors(row: QueueRow, contents: QueueContents): void;
  close(): void;
}

/**
 * A queue object of this node's core, wherever the queue is led. When the leader changes between this node and
 * others the object is replaced by one of the other kind; the core then finds the new one in the vhost.
 */
export interface PlacedQueue extends Queue {
  /** The row was replaced, and still asks for an object of this kind (policy, mirrors, another remote leader). */
  rowChanged(row: QueueRow): void;
  /**
   * The leader moved: every consumer is handed over by `successor.consume`, and cancel and resume that still
   * come here are passed on. Settling what was delivered from here is ignored from now on.
   */
  succeededBy(successor: Queue): void;
  /** The queue was deleted: consumers get `cancelled`, what it kept is dropped. */
  deleted(): void;
}

/** Where a queue that this node does not lead lives, and what a mirror here held. `cluster` implements it. */
export interface QueueFactory {
  /** A queue led by another node. */
  remote(row: QueueRow): PlacedQueue;
  /** For a queue that this node leads; told of the row's mirrors by `Replicator.mirrors`. */
  replicator(row: QueueRow): Replicator;
  /**
   * This node has become the leader of a queue that it mirrored: what its mirror held in memory (unacknowledged
   * ones with `redelivered` set), in order of position. The rest is in the queue's part of the store, as it is
   * when there was no mirror here (null).
   */
  takeOver(row: QueueRow): QueueEntry[] | null;
  /** Gives the mirrors of a queue led here what they lack (sync_queue). False when it has no mirrors. */
  synchronise?(vhost: string, name: string): boolean;
}

/** Other nodes, as the core and the management API see them. */
/** What connects this node with another: an end of each, and bytes since it was opened. */
export interface NodeLink {
  node: string;
  own: { address: string; port: number };
  peer: { address: string; port: number };
  sent: number;
  received: number;
}

export interface Peers {
  readonly self: string;
  /** To each node that this one talks to now. */
  links(): NodeLink[];
  /** Running members, this node included. */
  running(): string[];
  /** Asks one node; the far side answers with what it registered under `name`. Rejects when it is down. */
  call(node: string, name: string, args: unknown): Promise<unknown>;
  /** Registers an answer for questions from other nodes and from tools. */
  answer(name: string, handler: (args: never, from: string) => Promise<unknown> | unknown): void;
}
