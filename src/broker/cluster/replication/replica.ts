/**
 * This node's copy of the metadata as a follower of the coordinator, which is told when a transaction is applied
 * here and on disk. Transactions come in order on the coordinator's link. A promise made to a newer coordinator
 * (its epoch) shuts out the older one: what that still sends is answered with a refusal and not applied.
 *
 * Recent transactions and results are kept: a new coordinator brings laggards up to date from them, and answers
 * from them what was submitted to its predecessor and is submitted again.
 */
import { Tables } from '../../core/metadata/tables.js';
import type { Logger, MetadataLog } from '../../core/ports.js';
import type { OrderedTransaction, SnapshotFrame } from './transaction.js';
import { epochOf } from './transaction.js';

const kept = 1000;

export class Replica {
  readonly tables = new Tables();
  /** The newest epoch this node has promised to follow. */
  epoch = 0;
  /** Everything up to it is on disk here. */
  durable = 0;
  readonly #log: MetadataLog;
  readonly #logger: Logger;
  readonly #outcomes = new Map<string, unknown>();
  #history: OrderedTransaction[] = [];
  #syncing: Promise<void> = Promise.resolve();
  #onDurable: (sequence: number) => void = () => {};

  constructor(log: MetadataLog, logger: Logger) {
    this.#log = log;
    this.#logger = logger;
  }

  /** What the last run left; false on a blank node. */
  async load(): Promise<boolean> {
    const known = await this.#log.load();
    if (known === null) return false;
    this.tables.replace(known.sequence, known.changes);
    this.durable = known.sequence;
    this.epoch = epochOf(known.sequence);
    return true;
  }

  get sequence(): number {
    return this.tables.sequence;
  }

  /** Told each time more is on disk. */
  onDurable(listener: (sequence: number) => void): void {
    this.#onDurable = listener;
  }

  /** Applies the next one at once; resolves when it is on disk. */
  apply(transaction: OrderedTransaction): Promise<void> {
    const { sequence, changes, origin, result } = transaction;
    this.#history.push(transaction);
    if (this.#history.length >= 2 * kept) this.#history = this.#history.slice(-kept);
    this.#remember(origin, result);
    this.#guarded(() => this.tables.apply({ sequence, changes }));
    return this.#sync(sequence, this.#log.append({ sequence, changes }));
  }

  replace(snapshot: SnapshotFrame): Promise<void> {
    this.#history = [];
    for (const [origin, result] of snapshot.outcomes) this.#remember(origin, result);
    this.#guarded(() => this.tables.replace(snapshot.sequence, snapshot.changes));
    this.durable = 0;
    return this.#sync(snapshot.sequence, this.#log.replace(snapshot.sequence, snapshot.changes));
  }

  snapshot(): SnapshotFrame {
    return {
      epoch: this.epoch,
      sequence: this.sequence,
      changes: this.tables.snapshot(),
      outcomes: [...this.#outcomes],
    };
  }

  /** The transactions behind a sequence; null when they are not all kept any more. */
  since(sequence: number): OrderedTransaction[] | null {
    if (sequence === this.sequence) return [];
    const first = this.#history.findIndex((transaction) => transaction.previous === sequence);
    return first < 0 ? null : this.#history.slice(first);
  }

  /** The result of a transaction applied already, by its origin. */
  outcome(origin: string): { result: unknown } | null {
    return this.#outcomes.has(origin) ? { result: this.#outcomes.get(origin) } : null;
  }

  /** Resolves when all that was applied is on disk. */
  settled(): Promise<void> {
    return this.#syncing;
  }

  /** Appends may resolve out of order (those without durable rows at once): durable means all before it, too. */
  #sync(sequence: number, write: Promise<void>): Promise<void> {
    const before = this.#syncing;
    this.#syncing = Promise.all([before, write]).then(() => {
      this.durable = Math.max(this.durable, sequence);
      this.#onDurable(this.durable);
    });
    this.#syncing.catch((error: Error) => {
      this.#logger.error(`metadata could not be written: ${error.message}`);
    });
    return this.#syncing;
  }

  #remember(origin: string, result: unknown): void {
    this.#outcomes.set(origin, result);
    if (this.#outcomes.size <= kept) return;
    for (const oldest of this.#outcomes.keys()) {
      this.#outcomes.delete(oldest);
      break;
    }
  }

  /** A listener that fails must not make this node differ from the others. */
  #guarded(apply: () => void): void {
    try {
      apply();
    } catch (error) {
      this.#logger.error(`following a metadata change failed: ${(error as Error).stack}`);
    }
  }
}
