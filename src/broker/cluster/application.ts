/**
 * The clustered part of one run of the application, from start_app to stop_app: this node's copy of the metadata,
 * its way into the cluster, and out of it.
 *
 * It first follows: a coordinator sends the tables and then every change, while this node builds its queues.
 * Then it comes up, and counts as running everywhere. If it loses the coordinator between the two, what it has built
 * may be of the past, and it may have been taken for dead: it is started anew, in another incarnation. One that is up
 * and loses the coordinator follows the next.
 */

import type { Change } from '../core/metadata/rows.js';
import { Boot, disagreement, type Phase, type Status } from './boot.js';
import { ClusterError, type ClusterOptions, type LedQueues, type Member } from './cluster-port.js';
import type { Links } from './links.js';
import { nodeOfGreaterPart } from './parts.js';
import { ClusterQueues } from './queue-factory.js';
import { Replica } from './replication/replica.js';
import { ReplicatedMetadata } from './replication/replicated-metadata.js';

/** How long a stop waits for the others to take notice. */
const farewell = 5000;
const retryAfter = 20;
const graceWithoutCoordinator = 500;
const healEvery = 1000;

export interface Attach {
  node: string;
  incarnation: string;
  type: Member['type'];
  blank: boolean;
  /** The newest that it knows of. */
  epoch: number;
}

export class Application {
  readonly metadata: ReplicatedMetadata;
  readonly queues: ClusterQueues;
  phase: Phase = 'stopped';
  readonly #options: ClusterOptions;
  readonly #links: Links;
  readonly #replica: Replica;
  readonly #lost: (reason: string) => void;
  /** Incarnation in which each other node was last seen up. */
  readonly #runs = new Map<string, string>();
  #blank = true;
  #leads = false;
  #stopping = false;
  #attaching = false;
  /** The others go on without this node: there is nobody to take leave of. */
  #isOut = false;

  constructor(options: ClusterOptions, links: Links, lost: (reason: string) => void) {
    this.#options = options;
    this.#links = links;
    this.#lost = lost;
    const { clock, logger, metadataLog } = options;
    this.#replica = new Replica(metadataLog, logger);
    this.metadata = new ReplicatedMetadata({
      links,
      replica: this.#replica,
      clock,
      logger,
      deposed: () => this.#out('the other nodes follow a newer coordinator'),
    });
    this.queues = new ClusterQueues(links, this.metadata, options.messageStore, clock);
    this.metadata.tables.onChange((changes) => this.#watchNodes(changes));
  }

  status(): Status {
    const rows = [...this.metadata.tables.all('nodes')];
    return {
      phase: this.phase,
      blank: this.#blank,
      sequence: this.#replica.sequence,
      members: rows.map(({ name }) => name),
      running: rows.filter(({ running }) => running).map(({ name }) => name),
    };
  }

  async start(): Promise<void> {
    const loaded = await this.#replica.load();
    this.#blank = !(loaded && this.metadata.tables.get('nodes', this.#links.self) !== undefined);
    if (this.#blank) this.#refuseForeignData();
    for (;;) {
      const via = await this.#find();
      if (via === null) {
        this.#leads = true;
        this.metadata.lead();
        return;
      }
      if ((await this.#attach(via)) && this.metadata.follows) return;
      if (this.#isOut) throw lostAtStart();
      await this.#pause();
    }
  }

  /** Metadata that names nodes, but not this one, was written by another: it must not be made this node's own. */
  #refuseForeignData(): void {
    const { self } = this.#links;
    const members = [...this.metadata.tables.rows.nodes.keys()].sort();
    if (members.length === 0) return;
    throw new ClusterError(
      'inconsistent_cluster',
      `the data directory belongs to another cluster (${members.join(', ')}), which ${self} is not a member of. ` +
        'Start the node under the name that its data was made with, or give it an empty data directory',
    );
  }

  async up(led: LedQueues): Promise<void> {
    this.queues.server.serve(led);
    const run = { name: this.#links.self, incarnation: this.#links.incarnation };
    if (this.#leads) {
      await this.#inSight(this.metadata.submit('node.boot', { ...run, type: 'disc' }));
      if (this.#blank) await this.#inSight(this.#options.seed(this.metadata));
    } else await this.#inSight(this.metadata.submit('node.up', run));
    this.#refuseStopped();
    if (this.#isOut || !this.#isUp()) throw lostAtStart();
    this.#blank = false;
    this.phase = 'running';
    if (!this.metadata.follows) void this.#reattach();
    void this.#heal();
  }

  /** Waits for work on the metadata, which would wait for as long as nobody orders it. */
  async #inSight(work: Promise<unknown>): Promise<void> {
    let waits = true;
    const look = async () => {
      while (waits) {
        this.#refuseLost();
        await this.#pause();
      }
    };
    try {
      await Promise.race([look(), work]);
    } catch (error) {
      this.#refuseLost();
      throw error;
    } finally {
      waits = false;
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const run = { name: this.#links.self, incarnation: this.#links.incarnation };
    if (this.#isUp() && !this.#isOut) {
      const told = this.metadata.submit('node.down', { ...run, clean: true }).catch(() => {});
      await Promise.race([
        told,
        new Promise<void>((resolve) => this.#options.clock.after(farewell, resolve)),
      ]);
    }
    this.phase = 'stopped';
    this.metadata.stop();
    this.queues.stop();
    await this.#replica.settled().catch(() => {});
  }

  /** A link with a node has ended. */
  nodeLost(node: string, incarnation: string): void {
    this.metadata.lost(node, incarnation);
    if (!this.metadata.follows) void this.#reattach();
  }

  /** Another node wants to follow; on the coordinator. */
  async admit({ node, incarnation, type, blank, epoch }: Attach): Promise<void> {
    if (node === this.#links.self) return;
    this.metadata.outbid(epoch);
    const row = this.metadata.tables.get('nodes', node);
    if (row === undefined) {
      if (!blank) throw disagreement(node, this.#links.self);
      await this.metadata.submit('node.join', { name: node, type });
    } else if (row.running && (row.incarnation !== incarnation || this.metadata.isGone(incarnation))) {
      await this.metadata.submit('node.down', { name: node, incarnation: row.incarnation, clean: false });
    }
    const link = await this.#links.to(node);
    if (link.far.incarnation !== incarnation) throw new Error(`${node} has another incarnation by now`);
    await this.metadata.admit(node, link);
  }

  #find(): Promise<string | null> {
    const { clock, logger, peers } = this.#options;
    return new Boot({
      links: this.#links,
      clock,
      logger,
      members: this.#blank ? null : this.#knownMembers(),
      configured: peers,
      forced: this.#options.forced?.() ?? false,
      phase: (phase) => {
        this.phase = phase;
      },
      stopped: () => this.#isStopping,
    }).find();
  }

  #knownMembers() {
    const others = [...this.metadata.tables.all('nodes')].filter((row) => row.name !== this.#links.self);
    return {
      others: others.map((row) => row.name),
      upWithUs: others.filter((row) => row.running).map((row) => row.name),
      sequence: this.#replica.sequence,
    };
  }

  async #attach(via: string): Promise<boolean> {
    const { self, incarnation } = this.#links;
    const { epoch } = this.#replica;
    const attach: Attach = { node: self, incarnation, type: 'disc', blank: this.#blank, epoch };
    try {
      await this.#links.call(via, 'cluster.attach', attach);
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'inconsistent_cluster') throw disagreement(self, via);
      return false;
    }
  }

  /**
   * Until somebody coordinates whom this node follows. The others have the time to agree on a new coordinator first;
   * where they have gone on without it, it learns that from what it is sent.
   */
  async #reattach(): Promise<void> {
    if (this.#attaching || this.#stopping || this.phase !== 'running') return;
    this.#attaching = true;
    await this.#pause(graceWithoutCoordinator);
    while (this.phase === 'running' && !this.metadata.follows) {
      if (!this.metadata.succeeding) await this.#attachToAny();
      await this.#pause();
    }
    this.#attaching = false;
  }

  /** A node out of reach, or in another life by now, coordinates nothing, though no link with it has ended just now. */
  async #attachToAny(): Promise<void> {
    const others = [...this.metadata.tables.all('nodes')].filter(
      (row) => row.running && row.name !== this.#links.self,
    );
    for (const { name, incarnation } of others) {
      const link = await this.#links.to(name).catch(() => null);
      if (link?.far.incarnation !== incarnation) this.metadata.lost(name, incarnation);
      try {
        if (link !== null && (await this.#attach(name))) return;
      } catch (error) {
        this.#out((error as Error).message);
        return;
      }
    }
  }

  /** The node that orders changes looks now and then whether a member that counts as down runs without it. */
  async #heal(): Promise<void> {
    while (this.phase === 'running') {
      await this.#pause(healEvery);
      if (!this.metadata.coordinates) continue;
      const down = [...this.metadata.tables.all('nodes')].filter((row) => !row.running);
      const names = down.map(({ name }) => name);
      const node = await nodeOfGreaterPart(this.#links, this.status(), names);
      if (node !== null) this.#out(`${node} runs without this node, in the greater part of the cluster`);
    }
  }

  #isUp(): boolean {
    const row = this.metadata.tables.get('nodes', this.#links.self);
    return row?.running === true && row.incarnation === this.#links.incarnation;
  }

  /** Links with an earlier run of a node that is up again end: what is left in them is of no use to anybody. */
  #watchNodes(changes: readonly Change[]): void {
    for (const { table, key, row } of changes) {
      if (table !== 'nodes' || key === this.#links.self || !row?.running) continue;
      const before = this.#runs.get(key);
      if (before === row.incarnation) continue;
      this.#runs.set(key, row.incarnation);
      if (before !== undefined) this.#links.severNodes(key, before);
      this.#links.to(key).catch(() => {});
    }
    if (this.phase === 'running' && !this.#isUp()) this.#out('the other nodes count this one as down');
  }

  #out(reason: string): void {
    if (this.#stopping || this.#isOut) return;
    const wasUp = this.phase === 'running';
    this.phase = 'stopped';
    this.#isOut = true;
    this.metadata.stop();
    if (wasUp) this.#lost(reason);
  }

  get #isStopping(): boolean {
    return this.#stopping || this.#options.ending?.() === true;
  }

  #refuseStopped(): void {
    if (this.#isStopping) throw new ClusterError('stopped', 'stopped while starting');
  }

  #refuseLost(): void {
    this.#refuseStopped();
    if (this.#isOut || !this.metadata.follows) throw lostAtStart();
  }

  #pause(ms = retryAfter): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(ms, resolve));
  }
}

const lostAtStart = () =>
  new ClusterError('lost', 'the other nodes were out of sight before this one was up');
