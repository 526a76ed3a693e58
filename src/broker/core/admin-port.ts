/**
 * What rabbitmqctl (control) and the management API see of the broker of this node. Reading the replicated
 * metadata is reading `tables`; changing it is `submit`, which refuses with AmqpError or OperationRefused; what
 * lives (queues' content, consumers, counters) is under `vhost`. Queues that other nodes lead answer `info`,
 * `counts` and `purge` over the links; whole listings ask every node for its `localQueues` instead.
 */
import type { Alarms } from './alarms.js';
import type { ConnectionEntry } from './broker-port.js';
import type {
  ChurnCounters,
  ExchangeCounters,
  GoneCounters,
  LoginCounters,
  LoginProtocol,
  QueueCounters,
  VhostCounters,
} from './counters.js';
import type { EffectivePolicy } from './metadata/effective-policy.js';
import type { ExchangeRow } from './metadata/rows.js';
import type { Metadata } from './ports.js';
import type { Queue } from './queue-port.js';

export interface Admin extends Metadata {
  readonly node: string;
  /** Names of the plugins that run. */
  readonly plugins: Set<string>;
  readonly churn: ChurnCounters;
  readonly gone: GoneCounters;
  readonly logins: Record<LoginProtocol, LoginCounters>;
  /** The connections of this node. */
  readonly connections: ReadonlyMap<string, ConnectionEntry>;
  readonly alarms: Alarms;
  /** Gives the mirrors of a queue that this node leads what they lack. False when it has none. */
  synchronise(vhost: string, queue: string): boolean;
  /** Undefined when there is no such vhost. */
  vhost(name: string): VhostView | undefined;
  vhosts(): Iterable<VhostView>;
}

export interface VhostView {
  readonly name: string;
  readonly counters: VhostCounters;
  /** Is trace_on in force on this node? */
  readonly tracing: boolean;
  setTracing(on: boolean): void;
  exchange(name: string): ExchangeView | undefined;
  exchanges(): Iterable<ExchangeView>;
  /** A queue wherever it is led. */
  queue(name: string): Queue | undefined;
  queues(): Iterable<Queue>;
  /** The queues that this node leads. */
  localQueues(): Iterable<LocalQueueView>;
  /** The policy and operator policy that apply, null where none does, and the definition they come to. */
  policyOf(kind: 'queues' | 'exchanges', name: string): EffectivePolicy;
}

export interface ExchangeView {
  readonly row: ExchangeRow;
  readonly counters: ExchangeCounters;
}

export interface LocalQueueView extends Queue {
  readonly counters: QueueCounters;
  /** How many messages are ready and unacknowledged, and how many consumers there are, without the rest of `infoNow`. */
  lengths(): { ready: number; unacknowledged: number; consumers: number };
  /** Those of `infoNow` that are numbers. */
  figures(): QueueFigures;
  /** The same keys as `info`, at once. `consumer_details` has what list_consumers shows. */
  infoNow(): QueueInfo;
}

/** RabbitMQ's keys of list_queues and /api/queues. */
export type QueueInfo = Record<string, unknown>;

export interface QueueFigures {
  messages: number;
  messages_ready: number;
  messages_unacknowledged: number;
  messages_ram: number;
  messages_ready_ram: number;
  messages_unacknowledged_ram: number;
  messages_persistent: number;
  messages_paged_out: number;
  message_bytes: number;
  message_bytes_ready: number;
  message_bytes_unacknowledged: number;
  message_bytes_ram: number;
  message_bytes_persistent: number;
  message_bytes_paged_out: number;
  head_message_timestamp: number | null;
  disk_reads: number;
  disk_writes: number;
  consumers: number;
  consumer_capacity: number;
  consumer_utilisation: number;
  memory: number;
}

/** An element of `consumer_details`: RabbitMQ's keys of /api/consumers. */
export interface ConsumerDetails {
  consumer_tag: string;
  exclusive: boolean;
  ack_required: boolean;
  prefetch_count: number;
  active: boolean;
  activity_status: 'up' | 'single_active' | 'waiting';
  arguments: Record<string, unknown>;
  channel_details: {
    node: string;
    connection_name: string;
    name: string;
    number: number;
    user: string;
  };
  queue: { name: string; vhost: string };
}
