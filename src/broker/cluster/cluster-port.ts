/**
 * The cluster as the composition root sees it; `cluster.ts` implements it.
 *
 *   const cluster = new Cluster(options)
 *   await cluster.listen()      claims the node name, opens the distribution port: tools and nodes are answered
 *   await cluster.start()       finds the other members; `metadata.tables` is loaded and follows the cluster
 *   … build the broker on `metadata`, `queueFactory`; recover the queues this node leads …
 *   await cluster.up(queues)    from here on this node counts as running; others use its queues and mirrors
 *   await cluster.stop()        rabbitmqctl stop_app: the others take over; the distribution port stays
 *   await cluster.close()       gives port and name back
 *
 * Each `start` makes new `metadata` and `queueFactory`; `peers` lives as long as the process.
 */
import type { Listener } from '../config/node-config.js';
import type {
  Clock,
  Logger,
  MessageStore,
  Metadata,
  MetadataLog,
  Peers,
  QueueFactory,
} from '../core/ports.js';
import type { Queue } from '../core/queue-port.js';
import type { Registry } from './registry.js';

export interface ClusterOptions {
  /** name@host */
  self: string;
  cookie: string;
  registry: Registry;
  distribution: Listener;
  /** Seconds; 60 unless given. */
  tickTime?: number;
  /** Shown in the registry to whoever finds the port in use. */
  amqpPort: number | null;
  /** classic_config: nodes to form a cluster with when this one is blank. */
  peers: readonly string[];
  clock: Clock;
  logger: Logger;
  metadataLog: MetadataLog;
  /** Opened and closed by the composition root: open before `up`, closed after `stop`. */
  messageStore: MessageStore;
  /** Fills the tables of a cluster that has just been made (default vhost, user …), before anybody joins it. */
  seed(metadata: Metadata): Promise<void>;
  /** force_boot: members that were up with this node are not waited for. */
  forced?(): boolean;
  /** The node is about to end: a start that looks for its cluster is given up. */
  ending?(): boolean;
}

/** The queues that this node leads, for those who ask from other nodes. */
export interface LedQueues {
  queue(vhost: string, name: string): Queue | undefined;
}

export interface Member {
  name: string;
  type: 'disc' | 'ram';
}

export interface ClusterPort {
  readonly self: string;
  readonly peers: Peers;
  readonly metadata: Metadata;
  readonly queueFactory: QueueFactory;

  /** The distribution port. Rejects with NodeNameInUse, or the system's error (EADDRINUSE). */
  listen(): Promise<number>;
  close(): Promise<void>;

  /** Rejects with ClusterError when this node cannot be a member any more, or no other member comes. */
  start(): Promise<void>;
  /** The same; `lost` when it is to be stopped and started anew. */
  up(queues: LedQueues): Promise<void>;
  /** Also before `start` or `up` have resolved: these reject then. */
  stop(): Promise<void>;

  /** Only while stopped. Wipes this node's metadata; the caller wipes its messages. Rejects with ClusterError. */
  join(node: string, type: Member['type']): Promise<'joined' | 'already_member'>;
  /** Only while stopped. Leaves the cluster (unless `force`) and wipes the metadata; the caller wipes the messages. */
  reset(force: boolean): Promise<void>;
  /** `offline`: on the metadata of this stopped node, when no other member runs. */
  forget(node: string, offline: boolean): Promise<void>;
  /** Members as last known here, whether started or not. */
  members(): Promise<Member[]>;
  /** Nodes that this one lost without having seen them die. */
  partitions(): string[];

  /** Cuts this node off from another on the links, both ways, until healed: nothing passes, nothing connects. */
  block(node: string): void;
  unblock(node: string): void;

  /**
   * This node can no longer be part of the cluster it started in (forgotten, or the others go on without it):
   * stop the application.
   */
  onLost(listener: (reason: string) => void): void;
}

export type ClusterErrorCode =
  | 'inconsistent_cluster'
  | 'node_unreachable'
  /** The node to join has no running application. */
  | 'node_not_running'
  | 'node_running'
  | 'not_a_member'
  | 'cannot_cluster_with_itself'
  /** Leaving a cluster takes another node that runs. */
  | 'no_running_node'
  /** Members that ran after this node stopped did not come. */
  | 'members_missing'
  /** The cluster was out of sight before this node was up in it: to be started anew. */
  | 'lost'
  | 'stopped';

export class ClusterError extends Error {
  constructor(
    readonly code: ClusterErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'ClusterError';
  }
}
