/**
 * The cluster's metadata on one node. Changes are submitted to the coordinator, the oldest running node, wherever
 * that is; when it goes, the next oldest succeeds it, and what was not answered is submitted again under the same
 * name, so that it happens once. This file holds the node's part in it: which node coordinates in its eyes, its
 * own turn at it, and the frames and calls of both sides.
 */
import { randomBytes } from 'node:crypto';
import { type OperationContext, OperationRefused } from '../../core/metadata/operation.js';
import type { OperationArguments, OperationName, OperationResult } from '../../core/metadata/operations.js';
import type { NodeRow } from '../../core/metadata/rows.js';
import type { Tables } from '../../core/metadata/tables.js';
import type { Clock, Logger, Metadata } from '../../core/ports.js';
import { ClusterError } from '../cluster-port.js';
import { LinkError } from '../link/errors.js';
import type { Link } from '../link/link.js';
import type { Links } from '../links.js';
import { Coordinator, decodeApplied, decodeFrame, notCoordinator, sendApplied } from './coordinator.js';
import type { Replica } from './replica.js';
import { askForVote, type Candidacy, type Life, missing, succeed, type Vote, vote } from './succession.js';
import { epochOf, type SnapshotFrame, type TransactionFrame } from './transaction.js';

export interface MetadataOptions {
  links: Links;
  replica: Replica;
  clock: Clock;
  logger: Logger;
  /** The others follow a newer coordinator that does not count on this node. */
  deposed(): void;
}

interface Submission {
  origin: string;
  name: string;
  args: unknown;
}

/** How long to wait before asking again when nothing tells that the coordinator has changed. */
const retryAfter = 20;

export class ReplicatedMetadata implements Metadata {
  readonly tables: Tables;
  readonly replica: Replica;
  readonly #options: MetadataOptions;
  readonly #links: Links;
  #coordinator: Coordinator | null = null;
  #succeeding = false;
  #over = false;
  #submitted = 0;
  /** Incarnations that this node has lost sight of. */
  readonly #gone = new Set<string>();
  readonly #woken: (() => void)[] = [];
  #source: Link | null = null;

  constructor(options: MetadataOptions) {
    this.#options = options;
    this.#links = options.links;
    this.replica = options.replica;
    this.tables = options.replica.tables;
    this.tables.onChange((changes) => {
      if (changes.some((change) => change.table === 'nodes')) queueMicrotask(() => this.#look());
    });
  }

  async submit<N extends OperationName>(name: N, args: OperationArguments<N>): Promise<OperationResult<N>> {
    this.#submitted++;
    const origin = `${this.#links.self}/${this.#links.incarnation}/${this.#submitted}`;
    const submission = { origin, name, args };
    for (;;) {
      if (this.#over) throw new ClusterError('stopped', `the application on ${this.#links.self} is stopped`);
      try {
        return (await this.#send(submission)) as OperationResult<N>;
      } catch (error) {
        if (!isTransient(error)) throw error;
        await this.#change();
      }
    }
  }

  /** The node that orders changes as far as this one can tell; null when it knows none. */
  coordinator(): string | null {
    if (this.#coordinator !== null) return this.#links.self;
    return this.#oldest()?.name ?? null;
  }

  get coordinates(): boolean {
    return this.#coordinator !== null;
  }

  /** The first of a cluster: nobody else runs. */
  lead(): void {
    const epoch = Math.max(this.replica.epoch, epochOf(this.replica.sequence)) + 1;
    this.#begin(epoch);
  }

  /** On the coordinator: a node comes in, gets everything, and counts for what is to be everywhere. */
  async admit(node: string, link: Link): Promise<void> {
    const coordinator = this.#coordinator;
    if (coordinator === null) throw notCoordinator();
    coordinator.follow(node, link, null);
    await coordinator.committed();
    if (!coordinator.follows(node, link))
      throw new LinkError('closed', node, `the link to ${node} is closed`);
  }

  /**
   * On the coordinator: a node that wants to follow comes from a part of the cluster that went its own way and has
   * seen a newer epoch there. All who follow promise themselves anew, to one beyond it; until then nobody orders.
   */
  outbid(epoch: number): void {
    if (this.#coordinator === null || epoch <= this.#coordinator.epoch) return;
    this.#coordinator.stop();
    this.#coordinator = null;
    this.replica.epoch = epoch;
    void this.#succeed();
    throw notCoordinator();
  }

  /** A node is out of sight: its links have ended. */
  lost(node: string, incarnation: string): void {
    this.#gone.add(incarnation);
    if (this.#coordinator !== null) void this.#part(this.#coordinator, { name: node, incarnation });
    this.#look();
  }

  /** Has this node lost sight of another in that life? */
  isGone(incarnation: string): boolean {
    return this.#gone.has(incarnation);
  }

  /** Is the coordinator that this node follows still in sight? */
  get follows(): boolean {
    return this.#coordinator !== null || (this.#source !== null && !this.#source.closed);
  }

  /** Is this node about to become it? */
  get succeeding(): boolean {
    return this.#succeeding;
  }

  stop(): void {
    this.#over = true;
    this.#coordinator?.stop();
    this.#coordinator = null;
    this.#wake();
  }

  // What other nodes say and ask; registered by the cluster for the application that runs. One that is over follows
  // nobody: its link ends. A refusal would depose a coordinator that nothing is wrong with.

  onTransaction(payload: Buffer, link: Link): void {
    const { epoch, transaction } = decodeFrame<TransactionFrame>(payload);
    if (this.#over) {
      link.sever();
      return;
    }
    if (epoch !== this.replica.epoch || this.#coordinator !== null) {
      sendApplied(link, -1);
      return;
    }
    if (transaction.previous !== this.replica.sequence) {
      throw new RangeError(`transaction behind ${transaction.previous}, here is ${this.replica.sequence}`);
    }
    this.#source = link;
    const written = this.replica.apply(transaction);
    void written.then(() => sendApplied(link, transaction.sequence)).catch(() => {});
  }

  onSnapshot(payload: Buffer, link: Link): void {
    const snapshot = decodeFrame<SnapshotFrame>(payload);
    if (this.#over) {
      link.sever();
      return;
    }
    if (snapshot.epoch < this.replica.epoch) {
      sendApplied(link, -1);
      return;
    }
    this.replica.epoch = snapshot.epoch;
    this.#source = link;
    // Who runs is what the coordinator says, whatever this node lost sight of before it came to follow.
    this.#gone.clear();
    const written = this.replica.replace(snapshot);
    void written.then(() => sendApplied(link, snapshot.sequence)).catch(() => {});
    this.#wake();
  }

  onApplied(payload: Buffer, link: Link): void {
    this.#coordinator?.applied(link.far.name, link, decodeApplied(payload));
  }

  async onSubmit({ origin, name, args }: Submission): Promise<unknown> {
    if (this.#coordinator === null || !this.#mayOrder()) throw notCoordinator();
    return this.#coordinator.submit(origin, name, args);
  }

  /** A node that does not count as running here cannot become the coordinator: the others went on without it. */
  onVote({ epoch, incarnation, sequence }: Candidacy): Vote {
    const rows = [...this.tables.all('nodes')];
    const known = rows.some((row) => row.running && row.incarnation === incarnation);
    if (!known && sequence <= this.replica.sequence) {
      return { accepted: false, expelled: true, epoch: this.replica.epoch, sequence: 0 };
    }
    const answer = vote(this.replica, epoch);
    if (answer.accepted) {
      this.#gone.delete(incarnation);
      if (this.#coordinator !== null) this.#depose();
    }
    return answer;
  }

  onMissing({ sequence }: { sequence: number }): unknown {
    return missing(this.replica, sequence);
  }

  #send(submission: Submission): Promise<unknown> {
    if (this.#coordinator !== null) return this.onSubmit(submission);
    const oldest = this.#oldest();
    if (oldest === null || oldest.name === this.#links.self) throw notCoordinator();
    return this.#links.call(oldest.name, 'metadata.submit', submission);
  }

  /** After its own node.down a coordinator orders nothing more: the next oldest is to come. */
  #mayOrder(): boolean {
    // Before this run has come up at all, what the rows say of who runs is of the cluster's last life.
    const own = this.tables.get('nodes', this.#links.self);
    if (own?.incarnation !== this.#links.incarnation) return true;
    const oldest = this.#oldest();
    return oldest === null || oldest.name === this.#links.self;
  }

  #oldest(): NodeRow | null {
    let oldest: NodeRow | null = null;
    for (const row of this.tables.all('nodes')) {
      if (!row.running || this.#gone.has(row.incarnation)) continue;
      if (oldest === null || row.upSequence < oldest.upSequence) oldest = row;
    }
    return oldest;
  }

  /** Something about the nodes changed: is it this one's turn? */
  #look(): void {
    this.#wake();
    if (this.#over || this.#coordinator !== null || this.#succeeding) return;
    const oldest = this.#oldest();
    const mine = oldest?.name === this.#links.self && oldest.incarnation === this.#links.incarnation;
    if (mine) void this.#succeed();
  }

  async #succeed(): Promise<void> {
    this.#succeeding = true;
    const { self } = this.#links;
    const others = [...this.tables.all('nodes')].filter((row) => row.running && row.name !== self);
    const succession = await succeed(this.#links, this.replica, others, this.#options.clock);
    this.#succeeding = false;
    if (succession === 'expelled') {
      this.#depose();
      return;
    }
    if (this.#over || succession === 'superseded' || this.replica.epoch !== succession.epoch) return;
    this.#begin(succession.epoch);
    for (const { name, incarnation, link, sequence } of succession.followers) {
      this.#gone.delete(incarnation);
      this.#coordinator?.follow(name, link, sequence);
      if (link.closed) this.lost(name, incarnation);
    }
    const follows = (name: string) => succession.followers.some((reached) => reached.name === name);
    for (const row of [...this.tables.all('nodes')]) {
      if (row.running && row.name !== self && !follows(row.name)) this.#markDown(row);
    }
  }

  /**
   * As coordinator, from a node that went. Where this node is the one that was away, that one has followed another
   * since: it says so, and this one is out.
   */
  async #part(coordinator: Coordinator, life: Life): Promise<void> {
    if (this.#isRunning(life)) {
      const { incarnation } = this.#links;
      const candidacy = { epoch: coordinator.epoch, incarnation, sequence: this.replica.sequence };
      const answer = await askForVote(this.#links, life, candidacy);
      if (this.#coordinator !== coordinator) return;
      if (answer?.vote.expelled || (answer?.vote.epoch ?? 0) > coordinator.epoch) {
        this.#depose();
        return;
      }
    }
    coordinator.unfollow(life.name, life.incarnation);
    this.#markDown(life);
  }

  #markDown({ name, incarnation }: Life): void {
    if (!this.#isRunning({ name, incarnation }) || !this.#mayOrder()) return;
    void this.submit('node.down', { name, incarnation, clean: false }).catch(() => {});
  }

  #isRunning({ name, incarnation }: Life): boolean {
    const row = this.tables.get('nodes', name);
    return row?.running === true && row.incarnation === incarnation;
  }

  #begin(epoch: number): void {
    const context = (): OperationContext => ({
      newId: () => randomBytes(16).toString('base64url'),
      now: this.#options.clock.now(),
    });
    this.#coordinator = new Coordinator(this.replica, epoch, context, () => this.#depose());
    this.#options.logger.debug(`this node orders metadata changes from now on (epoch ${epoch})`);
    this.#wake();
  }

  #depose(): void {
    this.#coordinator?.stop();
    this.#coordinator = null;
    this.#wake();
    if (!this.#over) this.#options.deposed();
  }

  #wake(): void {
    for (const wake of this.#woken.splice(0)) wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(retryAfter, resolve);
      this.#woken.push(() => {
        cancel();
        resolve();
      });
    });
  }
}

function isTransient(error: unknown): boolean {
  if (error instanceof LinkError) return true;
  return error instanceof OperationRefused && error.code === 'not_coordinator';
}
