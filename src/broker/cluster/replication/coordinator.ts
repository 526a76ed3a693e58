/**
 * The node that orders changes. It runs operations one after the other on its own tables, applies each at once,
 * and sends it to every follower; what was submitted is answered when this node and all followers have it
 * applied and on disk. A follower whose link has ended counts until it is known not to have gone on without this
 * node (`unfollow`): else one that stood still for a while would answer alone what nobody else has. An operation that changes nothing is answered
 * no earlier than the changes before it, so that what it has seen can be seen everywhere.
 *
 * A follower that has promised itself to a newer coordinator says so: then this one is deposed, and whatever
 * waits here fails, to be submitted to the newer one.
 */
import { deserialize } from 'node:v8';
import { type OperationContext, OperationRefused } from '../../core/metadata/operation.js';
import type { OperationName } from '../../core/metadata/operations.js';
import { runOperation } from '../../core/metadata/run-operation.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import type { Replica } from './replica.js';
import { encodeTransaction, nextSequence, type OrderedTransaction } from './transaction.js';

interface Follower {
  link: Link;
  /** Applied and on disk there. */
  applied: number;
}

interface Waiter {
  sequence: number;
  resolve(): void;
  reject(error: Error): void;
}

export const notCoordinator = () =>
  new OperationRefused('not_coordinator', 'this node does not order the changes of the cluster');

export class Coordinator {
  readonly epoch: number;
  readonly #replica: Replica;
  readonly #context: () => OperationContext;
  readonly #deposed: () => void;
  readonly #followers = new Map<string, Follower>();
  #waiting: Waiter[] = [];
  #over = false;

  constructor(replica: Replica, epoch: number, context: () => OperationContext, deposed: () => void) {
    this.#replica = replica;
    this.#context = context;
    this.#deposed = deposed;
    this.epoch = epoch;
    replica.epoch = epoch;
    replica.onDurable(() => this.#release());
  }

  /** Runs an operation unless this very submission has been run before. */
  async submit(origin: string, name: string, args: unknown): Promise<unknown> {
    if (this.#over) throw notCoordinator();
    const known = this.#replica.outcome(origin);
    if (known !== null) {
      await this.committed();
      return known.result;
    }
    const { changes, result } = runOperation(
      this.#replica.tables,
      name as OperationName,
      args as never,
      this.#context(),
    );
    if (changes.length > 0) {
      const previous = this.#replica.sequence;
      const sequence = nextSequence(previous, this.epoch);
      this.#order({ sequence, previous, changes, origin, result });
    }
    await this.committed();
    return result;
  }

  /** A follower that stands at `from` gets what it lacks, or everything, and from now on all that comes. */
  follow(node: string, link: Link, from: number | null): void {
    if (link.closed) return;
    this.#followers.set(node, { link, applied: 0 });
    const missing = from === null ? null : this.#replica.since(from);
    if (missing === null) link.send(frameTypes.snapshot, this.#replica.snapshot());
    else for (const transaction of missing) this.#send(link, transaction);
    if (missing?.length === 0) this.applied(node, link, this.#replica.sequence);
  }

  follows(node: string, link: Link): boolean {
    return this.#followers.get(node)?.link === link && !link.closed;
  }

  /** What was in its one life with this node does not count any more. */
  unfollow(node: string, incarnation: string): void {
    if (this.#followers.get(node)?.link.far.incarnation !== incarnation) return;
    this.#followers.delete(node);
    this.#release();
  }

  applied(node: string, link: Link, sequence: number): void {
    const follower = this.#followers.get(node);
    if (follower?.link !== link) return;
    if (sequence < 0) {
      this.stop();
      this.#deposed();
      return;
    }
    follower.applied = sequence;
    this.#release();
  }

  /** Resolves when everything ordered so far is applied and on disk everywhere. */
  committed(): Promise<void> {
    const { sequence } = this.#replica;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sequence, resolve, reject });
      this.#release();
    });
  }

  stop(): void {
    this.#over = true;
    this.#replica.onDurable(() => {});
    for (const waiter of this.#waiting.splice(0)) waiter.reject(notCoordinator());
  }

  #order(transaction: OrderedTransaction): void {
    void this.#replica.apply(transaction);
    const payload = encodeTransaction({ epoch: this.epoch, transaction });
    for (const { link } of this.#followers.values()) link.outbox.reserve(frameTypes.transaction, 0, payload);
  }

  #send(link: Link, transaction: OrderedTransaction): void {
    const payload = encodeTransaction({ epoch: this.epoch, transaction });
    link.outbox.reserve(frameTypes.transaction, 0, payload);
  }

  #release(): void {
    if (this.#over || this.#waiting.length === 0) return;
    let everywhere = this.#replica.durable;
    for (const { applied } of this.#followers.values()) everywhere = Math.min(everywhere, applied);
    let done = 0;
    while (done < this.#waiting.length && (this.#waiting[done] as Waiter).sequence <= everywhere) done++;
    for (const waiter of this.#waiting.splice(0, done)) waiter.resolve();
  }
}

export const decodeApplied = (payload: Buffer): number => payload.readDoubleBE(0);

export function sendApplied(link: Link, sequence: number): void {
  if (link.closed) return;
  const at = link.outbox.reserve(frameTypes.applied, 8);
  link.outbox.block.writeDoubleBE(sequence, at);
}

export const decodeFrame = <T>(payload: Buffer): T => deserialize(payload) as T;
