/**
 * What changes who is a member while this node's application is stopped: joining a cluster, leaving it, and
 * taking a lost node out of the metadata on this node's disk. Refusals are worded as RabbitMQ words them.
 */
import { runOperation } from '../core/metadata/run-operation.js';
import { Tables } from '../core/metadata/tables.js';
import type { MetadataLog } from '../core/ports.js';
import { disagreement, type Status } from './boot.js';
import { ClusterError, type Member } from './cluster-port.js';
import type { Links } from './links.js';
import type { SnapshotFrame } from './replication/transaction.js';

export class Membership {
  /** What the log holds, once read: others ask again and again while they wait for this node. */
  #known: Tables | null | undefined;

  constructor(
    private readonly links: Links,
    private readonly log: MetadataLog,
  ) {}

  async members(): Promise<Member[]> {
    return membersOf((await this.#tables()) ?? new Tables());
  }

  async join(node: string, type: Member['type']): Promise<'joined' | 'already_member'> {
    const { self } = this.links;
    if (node === self) {
      throw new ClusterError('cannot_cluster_with_itself', `cannot cluster node with itself: ${self}`);
    }
    const status = await this.#running(node);
    const known = (await this.members()).some((member) => member.name === node);
    if (status.members.includes(self)) {
      if (known) return 'already_member';
      throw disagreement(node, self);
    }
    await this.reset(false);
    this.changed();
    const snapshot = (await this.links.call(node, 'cluster.join', { node: self, type })) as SnapshotFrame;
    await this.log.replace(snapshot.sequence, snapshot.changes);
    this.changed();
    return 'joined';
  }

  async reset(force: boolean): Promise<void> {
    const others = (await this.members()).filter((member) => member.name !== this.links.self);
    if (!force && others.length > 0) await this.#leave(others);
    await this.log.wipe();
    this.changed();
  }

  /** The log has been written by the application. */
  changed(): void {
    this.#known = undefined;
  }

  /** On this node's disk alone: it leads when it starts. */
  async forgetOffline(node: string): Promise<void> {
    const tables = (await this.#tables()) ?? new Tables();
    const context = { newId: () => '', now: 0 };
    for (const operation of ['node.down', 'node.forget'] as const) {
      const { changes } = runOperation(tables, operation, { name: node, clean: false }, context);
      if (changes.length === 0) continue;
      const transaction = { sequence: tables.sequence + 1, changes };
      tables.apply(transaction);
      await this.log.append(transaction);
    }
  }

  async #running(node: string): Promise<Status> {
    const status = await this.#status(node);
    if (status === null) {
      throw new ClusterError('node_unreachable', `unable to perform an operation on node '${node}'`);
    }
    if (status.phase !== 'running') throw new ClusterError('node_not_running', 'mnesia_not_running');
    return status;
  }

  async #leave(others: readonly Member[]): Promise<void> {
    const { self } = this.links;
    for (const { name } of others) {
      const status = await this.#status(name);
      if (status?.phase !== 'running') continue;
      if (!status.members.includes(self)) return;
      await this.links.call(name, 'cluster.leave', { node: self });
      return;
    }
    throw new ClusterError('no_running_node', 'You cannot leave a cluster if no online nodes are present.');
  }

  async #status(node: string): Promise<Status | null> {
    try {
      return (await this.links.call(node, 'cluster.status', null)) as Status;
    } catch {
      return null;
    }
  }

  async #tables(): Promise<Tables | null> {
    if (this.#known !== undefined) return this.#known;
    const known = await this.log.load();
    const tables = known === null ? null : new Tables();
    if (known !== null) tables?.replace(known.sequence, known.changes);
    this.#known = tables;
    return tables;
  }
}

export function membersOf(tables: Tables): Member[] {
  return [...tables.all('nodes')].map(({ name, type }) => ({ name, type }));
}
