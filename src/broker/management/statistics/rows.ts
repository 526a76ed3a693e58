/** The row of numbers that is read of each kind of object, under which key, and RabbitMQ's names of its parts. */
import type { Admin, ExchangeView, LocalQueueView, VhostView } from '../../core/admin-port.js';
import type { ChannelEntry, ConnectionEntry } from '../../core/broker-port.js';
import { churnKeys } from '../../core/counters.js';

/** The object itself, where it lives as long as its numbers count on: making names of thousands costs more than reading them. */
export type Key = object | string;

export interface Row {
  key: Key;
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

/** What came and went on this node: the names of `churnKeys`. */
export const churnCounts = [
  'connection_created',
  'connection_closed',
  'channel_created',
  'channel_closed',
  'queue_declared',
  'queue_created',
  'queue_deleted',
];

export function churnRow({ churn }: Admin): Row {
  return { key: churn, row: churnKeys.map((key) => churn[key]) };
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
  return { key: queue, row };
}

export const exchangeCounts = ['publish_in', 'publish_out'];

export function exchangeRow(exchange: ExchangeView): Row {
  const { publishIn, publishOut } = exchange.counters;
  return { key: exchange, row: [publishIn, publishOut] };
}

export const vhostCounts = ['publish', 'confirm', 'return_unroutable', 'drop_unroutable'];

export function vhostRow(vhost: VhostView): Row {
  const c = vhost.counters;
  return { key: vhost, row: [c.publish, c.confirm, c.returnUnroutable, c.dropUnroutable] };
}

export const connectionOctets = ['recv_oct', 'send_oct'];

export function connectionRow(connection: ConnectionEntry): Row {
  return { key: connection, row: [connection.traffic.receivedOctets, connection.output.octets] };
}

export const channelCounts = [...queueCounts, 'confirm', 'return_unroutable', 'drop_unroutable'];

export function channelRow(channel: ChannelEntry): Row {
  const c = channel.counters;
  const delivered = c.deliver + c.deliverNoAck + c.get + c.getNoAck;
  const got = [c.deliver, c.deliverNoAck, c.get, c.getNoAck, c.getEmpty, c.ack, c.redeliver, delivered];
  return { key: channel, row: [c.publish, ...got, c.confirm, c.returnUnroutable, c.dropUnroutable] };
}
