/**
 * What a channel sees of a queue, wherever the queue lives. `core/queue` implements it for queues led by this
 * node, `cluster/remote-queue` for the others, so that the code of a channel is one.
 */
import type { Message } from './message.js';
import type { QueueRow } from './metadata/rows.js';

/**
 * The publisher's side of confirms and transactions. A publish is confirmed when every hold on its sequence
 * number has been released; `refuse` turns it into a nack. The channel itself holds once while it routes, each
 * queue once until the message is safe there (on disk if persistent on durable, and on every mirror in sync).
 */
export interface Confirms {
  hold(sequence: number): void;
  release(sequence: number): void;
  refuse(sequence: number): void;
}

/** The channel's end of a subscription (or of a `basic.get`, which has no tag). */
export interface Consumer {
  readonly tag: string;
  readonly noAck: boolean;
  readonly exclusive: boolean;
  /** x-priority, 0 when absent */
  readonly priority: number;
  /** Per-consumer prefetch, 0 = unlimited: the queue accounts for it. */
  readonly prefetch: number;
  readonly arguments: import('../protocol/field-table.js').FieldTable;
  /** Which channel it stands on, for listings: node, connection name, channel number. */
  readonly channel: ChannelIdentity;
  /**
   * False while the channel cannot take more (channel-wide prefetch reached, channel.flow off, socket full).
   * The queue reads it before each delivery; the channel calls `queue.resume(consumer)` when it turns true.
   */
  readonly ready: boolean;
  deliver(queue: Queue, position: number, message: Message, redelivered: boolean): void;
  /** The queue is gone (deleted, its node is down, mirror failover asked for it): consumer cancel notification. */
  cancelled(queue: Queue): void;
}

export interface ChannelIdentity {
  readonly node: string;
  readonly connection: string;
  readonly number: number;
  readonly user: string;
}

export interface Delivery {
  readonly position: number;
  readonly message: Message;
  readonly redelivered: boolean;
  /** messages left in the queue, for basic.get-ok */
  readonly remaining: number;
}

export interface QueueCounts {
  /** ready to be delivered */
  messages: number;
  consumers: number;
}

export interface Queue {
  /** The current row of the queue in the metadata tables; replaced when the row changes. */
  readonly row: QueueRow;

  /** Never throws; without `confirms` nobody waits for the outcome. Bodies are not copied: they are never changed. */
  publish(message: Message, confirms: Confirms | null, sequence: number): void;

  /** Rejects with AmqpError (403 exclusive use …). Deliveries may start before it resolves on the leader's side. */
  consume(consumer: Consumer): Promise<void>;
  cancel(consumer: Consumer): Promise<void>;
  resume(consumer: Consumer): void;

  /** With noAck false the message is unacknowledged on behalf of `getter` until settled below. */
  get(getter: Consumer): Promise<Delivery | null>;

  /** Settling what was delivered to `consumer` (or got by it). Unknown positions are ignored. */
  acknowledge(consumer: Consumer, position: number): void;
  requeue(consumer: Consumer, position: number): void;
  /** basic.reject / nack without requeue: dead-lettered where configured, else dropped. */
  reject(consumer: Consumer, position: number): void;

  purge(): Promise<number>;
  counts(): Promise<QueueCounts>;
  /** Everything a listing may ask for (`list_queues`, /api/queues): JSON-able, RabbitMQ's own key names. */
  info(): Promise<Record<string, unknown>>;
}
