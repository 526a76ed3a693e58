/**
 * Totals since the node started, as the management API's `message_stats` counts them. Plain numbers, so that
 * the hot path only adds; rates are made from two readings by whoever shows them.
 */
export interface QueueCounters {
  /** Entered the queue. */
  publish: number;
  /** Sent to consumers that acknowledge. */
  deliver: number;
  /** Sent to consumers with automatic acknowledgement. */
  deliverNoAck: number;
  /** basic.get that must be acknowledged, without, and on an empty queue. */
  get: number;
  getNoAck: number;
  getEmpty: number;
  ack: number;
  /** Of all deliveries: those sent again. */
  redeliver: number;
  /** Given up on, by reason; `deadLettered` of them went to a dead letter exchange, `dropped` did not. */
  deadLettered: Deaths;
  dropped: Deaths;
}

export interface Deaths {
  expired: number;
  maxlen: number;
  rejected: number;
  delivery_limit: number;
}

const deaths = (): Deaths => ({ expired: 0, maxlen: 0, rejected: 0, delivery_limit: 0 });

/** What a channel did. */
export interface ChannelCounters {
  publish: number;
  confirm: number;
  returnUnroutable: number;
  dropUnroutable: number;
  deliver: number;
  deliverNoAck: number;
  get: number;
  getNoAck: number;
  getEmpty: number;
  redeliver: number;
  ack: number;
}

export function newChannelCounters(): ChannelCounters {
  return {
    publish: 0,
    confirm: 0,
    returnUnroutable: 0,
    dropUnroutable: 0,
    deliver: 0,
    deliverNoAck: 0,
    get: 0,
    getNoAck: 0,
    getEmpty: 0,
    redeliver: 0,
    ack: 0,
  };
}

export interface ExchangeCounters {
  /** Published by clients to this exchange. */
  publishIn: number;
  /** Put into queues from this exchange. */
  publishOut: number;
}

/** One virtual host; kept by the vhost for publishes, by channels for what only they see. */
export interface VhostCounters {
  publish: number;
  confirm: number;
  returnUnroutable: number;
  dropUnroutable: number;
  /** Of those published: on channels that confirm. */
  publishConfirm: number;
  /** Messages put into queues, one for each queue. */
  routed: number;
}

/** Logins of one protocol. */
export interface LoginCounters {
  succeeded: number;
  failed: number;
}

export type LoginProtocol = 'amqp091' | 'http';

export function loginCounters(): Record<LoginProtocol, LoginCounters> {
  return { amqp091: { succeeded: 0, failed: 0 }, http: { succeeded: 0, failed: 0 } };
}

/** What queues (by their type) and virtual hosts counted that are gone from this node. */
export interface GoneCounters {
  queues: Map<string, QueueCounters>;
  vhosts: VhostCounters;
}

export function goneCounters(): GoneCounters {
  return { queues: new Map(), vhosts: vhostCounters() };
}

/** A queue ends on this node. */
export function countGone(gone: GoneCounters, type: string, counters: QueueCounters): void {
  const sum = gone.queues.get(type) ?? queueCounters();
  gone.queues.set(type, sum);
  addTo(sum, counters);
}

/** Adds the numbers of one object of counters to another's. */
export function addTo<C extends QueueCounters | VhostCounters | Deaths>(sum: C, more: C): void {
  for (const [name, value] of Object.entries(more) as [keyof C, number | Deaths][]) {
    if (typeof value === 'number') (sum[name] as number) += value;
    else addTo(sum[name] as Deaths, value);
  }
}

/** What comes and goes on this node; `churn_rates` of the management API. */
export interface ChurnCounters {
  connectionCreated: number;
  connectionClosed: number;
  channelCreated: number;
  channelClosed: number;
  /** Every declaration, also of a queue that is there. */
  queueDeclared: number;
  queueCreated: number;
  queueDeleted: number;
}

/** In RabbitMQ's order. */
export const churnKeys = [
  'connectionCreated',
  'connectionClosed',
  'channelCreated',
  'channelClosed',
  'queueDeclared',
  'queueCreated',
  'queueDeleted',
] as const satisfies readonly (keyof ChurnCounters)[];

export function churnCounters(): ChurnCounters {
  return {
    connectionCreated: 0,
    connectionClosed: 0,
    channelCreated: 0,
    channelClosed: 0,
    queueDeclared: 0,
    queueCreated: 0,
    queueDeleted: 0,
  };
}

export function queueCounters(): QueueCounters {
  return {
    publish: 0,
    deliver: 0,
    deliverNoAck: 0,
    get: 0,
    getNoAck: 0,
    getEmpty: 0,
    ack: 0,
    redeliver: 0,
    deadLettered: deaths(),
    dropped: deaths(),
  };
}

export function exchangeCounters(): ExchangeCounters {
  return { publishIn: 0, publishOut: 0 };
}

export function vhostCounters(): VhostCounters {
  return { publish: 0, confirm: 0, returnUnroutable: 0, dropUnroutable: 0, publishConfirm: 0, routed: 0 };
}
