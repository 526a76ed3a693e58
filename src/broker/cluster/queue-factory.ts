/** Where the queues of this node's core live, with everything that travels for them: one run's worth of it. */
import type { QueueEntry } from '../core/message.js';
import type { QueueRow } from '../core/metadata/rows.js';
import type { Clock, MessageStore, Metadata, PlacedQueue, QueueFactory, Replicator } from '../core/ports.js';
import type { Links } from './links.js';
import { Mirrors } from './mirrors/mirrors.js';
import { QueueReplicator } from './mirrors/queue-replicator.js';
import { Replicators } from './mirrors/replicators.js';
import { QueueClient } from './queues/queue-client.js';
import { QueueServer } from './queues/queue-server.js';
import { RemoteQueue } from './queues/remote-queue.js';

export class ClusterQueues implements QueueFactory {
  readonly client: QueueClient;
  readonly server: QueueServer;
  readonly mirrors: Mirrors;
  readonly replicators: Replicators;

  constructor(links: Links, metadata: Metadata, store: MessageStore, clock: Clock) {
    this.client = new QueueClient(links, metadata.tables, clock);
    this.server = new QueueServer(links.self, metadata.tables);
    this.mirrors = new Mirrors(links.self, metadata.tables, store);
    this.replicators = new Replicators(links, metadata, clock);
  }

  remote(row: QueueRow): PlacedQueue {
    return new RemoteQueue(row, this.client);
  }

  replicator(row: QueueRow): Replicator {
    return new QueueReplicator(row, this.replicators);
  }

  synchronise(vhost: string, name: string): boolean {
    return this.replicators.sync(vhost, name);
  }

  takeOver(row: QueueRow): QueueEntry[] | null {
    return this.mirrors.takeOver(row);
  }

  stop(): void {
    this.client.stop();
    this.server.stop();
    this.replicators.stop();
  }
}
