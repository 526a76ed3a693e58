/**
 * This node's place in the cluster. The links and the name in the registry live as long as the process, so that
 * tools and other nodes are answered while the application is stopped; what a run of the application needs is in
 * `Application`, made anew by each start under a new incarnation.
 */
import { randomBytes } from 'node:crypto';
import { OperationRefused } from '../core/metadata/operation.js';
import type { Metadata, Peers, QueueFactory } from '../core/ports.js';
import { Application, type Attach } from './application.js';
import type { Status } from './boot.js';
import {
  ClusterError,
  type ClusterOptions,
  type ClusterPort,
  type LedQueues,
  type Member,
} from './cluster-port.js';
import { frameTypes } from './link/frame.js';
import { Links } from './links.js';
import { Membership, membersOf } from './membership.js';
import { routeQueueFrames } from './queue-frames.js';
import { notCoordinator } from './replication/coordinator.js';
import type { ReplicatedMetadata } from './replication/replicated-metadata.js';
import type { Candidacy } from './replication/succession.js';

const idle: Status = { phase: 'stopped', blank: false, sequence: 0, members: [], running: [] };

export class Cluster implements ClusterPort {
  readonly self: string;
  readonly #options: ClusterOptions;
  readonly #links: Links;
  readonly #membership: Membership;
  readonly #lost: ((reason: string) => void)[] = [];
  #application: Application | null = null;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.self = options.self;
    this.#links = new Links(options);
    this.#links.incarnation = newIncarnation();
    this.#links.runningNodes = () => this.#runningNodes();
    this.#membership = new Membership(this.#links, options.metadataLog);
    this.#links.onLost((node, incarnation) => this.#application?.nodeLost(node, incarnation));
    this.#answer();
    routeQueueFrames(this.#links, () => this.#application?.queues ?? null);
  }

  get peers(): Peers {
    return this.#links;
  }

  get metadata(): Metadata {
    return this.#running().metadata;
  }

  get queueFactory(): QueueFactory {
    return this.#running().queues;
  }

  async listen(): Promise<number> {
    const { registry, amqpPort, distribution } = this.#options;
    registry.claim({ ...this.#entry(distribution.port), amqpPort });
    try {
      const port = await this.#links.listen();
      registry.update({ ...this.#entry(port), amqpPort });
      return port;
    } catch (error) {
      registry.release(this.self);
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#application !== null) await this.stop();
    await this.#links.close();
    this.#options.registry.release(this.self);
  }

  async start(): Promise<void> {
    const application = new Application(this.#options, this.#links, (reason) => {
      for (const listener of this.#lost) listener(reason);
    });
    this.#application = application;
    try {
      await application.start();
    } catch (error) {
      if (this.#application === application) await this.stop();
      throw error;
    }
  }

  async up(queues: LedQueues): Promise<void> {
    await this.#running().up(queues);
  }

  async stop(): Promise<void> {
    const application = this.#application;
    if (application === null) return;
    await application.stop();
    this.#application = null;
    this.#membership.changed();
    this.#links.severNodes();
    this.#links.incarnation = newIncarnation();
  }

  async join(node: string, type: Member['type']): Promise<'joined' | 'already_member'> {
    return this.#membership.join(node, type);
  }

  reset(force: boolean): Promise<void> {
    return this.#membership.reset(force);
  }

  async forget(node: string, offline: boolean): Promise<void> {
    if (offline) await this.#membership.forgetOffline(node);
    else await this.#running().metadata.submit('node.forget', { name: node });
  }

  async members(): Promise<Member[]> {
    const tables = this.#application?.metadata.tables;
    return tables !== undefined && tables.sequence > 0 ? membersOf(tables) : this.#membership.members();
  }

  partitions(): string[] {
    return [];
  }

  block(node: string): void {
    this.#links.block(node);
  }

  unblock(node: string): void {
    this.#links.unblock(node);
  }

  onLost(listener: (reason: string) => void): void {
    this.#lost.push(listener);
  }

  #running(): Application {
    if (this.#application === null) throw new ClusterError('stopped', 'the application is stopped');
    return this.#application;
  }

  #runningNodes(): string[] {
    const rows = this.#application?.metadata.tables.all('nodes') ?? [];
    return [...rows].filter((row) => row.running).map((row) => row.name);
  }

  #entry(port: number) {
    const { address } = this.#options.distribution;
    return { name: this.self, pid: process.pid, port, address };
  }

  /** What other nodes ask, and the frames of metadata. */
  #answer(): void {
    const links = this.#links;
    const onMetadata = <A>(name: string, ask: (metadata: ReplicatedMetadata, args: A) => unknown) => {
      links.answer(name, (args: A) => {
        if (this.#application === null) throw notCoordinator();
        return ask(this.#application.metadata, args);
      });
    };
    onMetadata<Parameters<ReplicatedMetadata['onSubmit']>[0]>('metadata.submit', (metadata, args) =>
      metadata.onSubmit(args),
    );
    onMetadata<Candidacy>('metadata.vote', (metadata, args) => metadata.onVote(args));
    onMetadata<{ sequence: number }>('metadata.missing', (metadata, args) => metadata.onMissing(args));
    links.answer('cluster.status', () => this.#status());
    links.answer('cluster.attach', (args: Attach) => this.#attach(args));
    links.answer('cluster.join', (args: { node: string; type: Member['type'] }) => this.#join(args));
    links.answer('cluster.leave', ({ node }: { node: string }) => this.forget(node, false));
    links.onFrame(frameTypes.transaction, (payload, link) => {
      if (this.#application === null) link.sever();
      else this.#application.metadata.onTransaction(payload, link);
    });
    links.onFrame(frameTypes.snapshot, (payload, link) => {
      if (this.#application === null) link.sever();
      else this.#application.metadata.onSnapshot(payload, link);
    });
    links.onFrame(frameTypes.applied, (payload, link) => {
      this.#application?.metadata.onApplied(payload, link);
    });
  }

  async #status(): Promise<Status> {
    if (this.#application !== null) return this.#application.status();
    return { ...idle, members: (await this.#membership.members()).map(({ name }) => name) };
  }

  /** Any running node may be asked; the coordinator admits. */
  async #attach(args: Attach): Promise<void> {
    const { metadata, phase } = this.#running();
    if (phase !== 'running') throw notCoordinator();
    if (metadata.coordinates) return this.#running().admit(args);
    const coordinator = metadata.coordinator();
    if (coordinator === null || coordinator === this.self) throw notCoordinator();
    await this.#links.call(coordinator, 'cluster.attach', args);
  }

  async #join({ node, type }: { node: string; type: Member['type'] }): Promise<unknown> {
    const application = this.#running();
    if (application.phase !== 'running') throw new ClusterError('node_not_running', 'mnesia_not_running');
    const { metadata } = application;
    if (metadata.tables.get('nodes', node) !== undefined) {
      throw new OperationRefused('already_member', `${node} is a member already`);
    }
    await metadata.submit('node.join', { name: node, type });
    return metadata.replica.snapshot();
  }
}

const newIncarnation = () => randomBytes(9).toString('base64url');
