/** What the replicators of the queues that this node leads share: links to mirrors, and what comes back on them. */
import { deserialize } from 'node:v8';
import { effectivePolicy } from '../../core/metadata/effective-policy.js';
import { keys, type QueueRow } from '../../core/metadata/rows.js';
import type { Clock, Metadata } from '../../core/ports.js';
import type { Link } from '../link/link.js';
import type { Links } from '../links.js';
import type { QueueReplicator } from './queue-replicator.js';
import type { Missing } from './wire.js';

const retryAfter = 20;

export class Replicators {
  readonly #links: Links;
  readonly #metadata: Metadata;
  readonly #clock: Clock;
  readonly #replicators = new Map<number, QueueReplicator>();
  readonly #watched = new WeakSet<Link>();
  readonly #connecting = new Set<string>();
  #handles = 0;
  #over = false;

  constructor(links: Links, metadata: Metadata, clock: Clock) {
    this.#links = links;
    this.#metadata = metadata;
    this.#clock = clock;
  }

  register(replicator: QueueReplicator): number {
    this.#handles++;
    this.#replicators.set(this.#handles, replicator);
    return this.#handles;
  }

  unregister(replicator: QueueReplicator): void {
    this.#replicators.delete(replicator.handle);
  }

  /** Newer than that of any leader before. */
  get session(): number {
    return this.#metadata.tables.sequence;
  }

  /** The link to the node in its present run; null while there is none: replicators are told when there is. */
  linkTo(node: string): Link | null {
    const row = this.#metadata.tables.get('nodes', node);
    if (!row?.running || this.#over) return null;
    const link = this.#links.open(node);
    if (link === null || link.closed || link.far.incarnation !== row.incarnation) {
      if (!this.#connecting.has(node)) void this.#connect(node);
      return null;
    }
    if (!this.#watched.has(link)) {
      this.#watched.add(link);
      link.onClose(() => this.#look());
    }
    return link;
  }

  exists({ vhost, name, id }: QueueRow): boolean {
    return this.#metadata.tables.get('queues', keys.queue(vhost, name))?.id === id;
  }

  syncsByItself({ vhost, name }: QueueRow): boolean {
    const { definition } = effectivePolicy(this.#metadata.tables, 'queues', vhost, name);
    return definition['ha-sync-mode'] === 'automatic';
  }

  reportSynced({ vhost, name, id }: QueueRow, mirror: string): void {
    const incarnation = this.#metadata.tables.get('nodes', mirror)?.incarnation;
    const report = { vhost, name, id, leader: this.#links.self, mirrors: [mirror], incarnation };
    this.#metadata.submit('queue.synced', report).catch(() => {});
  }

  /** sync_queue: false when this node does not lead such a queue with mirrors. */
  sync(vhost: string, name: string): boolean {
    for (const replicator of this.#replicators.values()) {
      if (replicator.row.vhost !== vhost || replicator.row.name !== name) continue;
      replicator.syncAll();
      return true;
    }
    return false;
  }

  stop(): void {
    this.#over = true;
  }

  onMissing(payload: Buffer, link: Link): void {
    const { handle, missing } = deserialize(payload) as Missing;
    this.#replicators.get(handle)?.answered(link, missing);
  }

  onSafe(payload: Buffer, link: Link): void {
    this.#replicators.get(payload.readUInt32BE(0))?.safe(link, payload.readDoubleBE(4));
  }

  async #connect(node: string): Promise<void> {
    this.#connecting.add(node);
    try {
      await this.#links.to(node);
    } catch {
      // tried again while the metadata counts on the node
    }
    await new Promise<void>((resolve) => this.#clock.after(retryAfter, resolve));
    this.#connecting.delete(node);
    this.#look();
  }

  #look(): void {
    if (this.#over) return;
    for (const replicator of [...this.#replicators.values()]) replicator.look();
  }
}
