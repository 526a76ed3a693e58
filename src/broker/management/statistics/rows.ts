/** The row of numbers that is read of each kind of object, under which key, and RabbitMQ's names of its parts. */
import type { Admin, ExchangeView, LocalQueueView, VhostView } from '../../core/admin-port.js';
import type { ChannelEntry, ConnectionEntry } from '../../core/broker-port.js';

export interface Row {
  key: string;
  row: readonly number[];
}

/** Counts of a queue's messages, then its lengths. */
export const queueCounts = [
  'publish',
  'deliver',
  'deliver_no_ack',
  'get',
  'get_no_ack',
  'get_empty',
  'ack',
  'redeliver',
  'deliver_get',
];
export const queueLengths = ['messages', 'messages_ready', 'messages_unacknowledged'];

/** What came and went on this node. */
export const churnCounts = [
  'connection_created',
  'connection_closed',
  'channel_created',
  'channel_closed',
  'queue_declared',
  'queue_created',
  'queue_deleted',
];

export function churnRow({ churn: c }: Admin): Row {
  const row = [
    c.connectionCreated,
    c.connectionClosed,
    c.channelCreated,
    c.channelClosed,
    c.queueDeclared,
    c.queueCreated,
    c.queueDeleted,
  ];
  return { key: 'churn', row };
}

/** What a list of queues may be ordered by without knowing all of each queue. */
export const queueFigures = [
  'consumers',
  ...queueLengths.flatMap((name) => [name, `${name}_details.rate`]),
  ...queueCounts.flatMap((name) => [`message_stats.${name}`, `message_stats.${name}_details.rate`]),
];

export function queueRow(queue: LocalQueueView): Row {
  const { counters: c } = queue;
  const { ready, unacknowledged } = queue.lengths();
  const delivered = c.deliver + c.deliverNoAck + c.get + c.getNoAck;
  const counts = [
    c.publish,
    c.deliver,
    c.deliverNoAck,
    c.get,
    c.getNoAck,
    c.getEmpty,
    c.ack,
    c.redeliver,
    delivered,
  ];
  const row = [...counts, ready + unacknowledged, ready, unacknowledged];
  return { key: `queue\0${queue.row.vhost}\0${queue.row.name}`, row };
}

export const exchangeCounts = ['publish_in', 'publish_out'];

export function exchangeRow({ row: { vhost, name }, counters }: ExchangeView): Row {
  return { key: `exchange\0${vhost}\0${name}`, row: [counters.publishIn, counters.publishOut] };
}

export const vhostCounts = ['publish', 'confirm', 'return_unroutable', 'drop_unroutable'];

export function vhostRow({ name, counters: c }: VhostView): Row {
  return { key: `vhost\0${name}`, row: [c.publish, c.confirm, c.returnUnroutable, c.dropUnroutable] };
}

export const connectionOctets = ['recv_oct', 'send_oct'];

export function connectionRow(connection: ConnectionEntry): Row {
  const { recv_oct, send_oct } = connection.info();
  return { key: `connection\0${connection.name}`, row: [Number(recv_oct ?? 0), Number(send_oct ?? 0)] };
}

export const channelCounts = [...queueCounts, 'confirm', 'return_unroutable', 'drop_unroutable'];

export function channelRow(connection: ConnectionEntry, channel: ChannelEntry): Row {
  const stats = (channel.info().message_stats ?? {}) as Record<string, unknown>;
  const row = channelCounts.map((name) => Number(stats[name] ?? 0));
  return { key: `channel\0${connection.name}\0${channel.number}`, row };
}
