/** Connections and channels of this node. RabbitMQ labels a connection `channel`, too. */
import type { ChannelEntry, ConnectionEntry } from '../../core/broker-port.js';
import type { ChannelCounters } from '../../core/counters.js';
import {
  counter,
  type Family,
  gauge,
  type Labels,
  type Measured,
  type MeasuredNode,
  type Metric,
} from '../family.js';

const described = [
  [gauge('channel_consumers', 'Consumers on a channel'), 'consumer_count'],
  [
    gauge('channel_messages_unacked', 'Delivered but not yet acknowledged messages'),
    'messages_unacknowledged',
  ],
  [gauge('channel_messages_unconfirmed', 'Published but not yet confirmed messages'), 'messages_unconfirmed'],
  [
    gauge('channel_messages_uncommitted', 'Messages received in a transaction but not yet committed'),
    'messages_uncommitted',
  ],
  [
    gauge('channel_acks_uncommitted', 'Message acknowledgements in a transaction not yet committed'),
    'acks_uncommitted',
  ],
  [gauge('consumer_prefetch', 'Limit of unacknowledged messages for each consumer'), 'prefetch_count'],
  [
    gauge('channel_prefetch', 'Total limit of unacknowledged messages for all consumers on a channel'),
    'global_prefetch_count',
  ],
] as const;

export const channels: Family = {
  metrics: described.map(([metric]) => metric),
  read: (node) =>
    ofChannels(node, (channel) => {
      const figures = channel.figures();
      return described.map(([, key]) => figures[key]);
    }),
};

/** Not told apart by exchange. */
export const channelExchanges = counted([
  [
    counter(
      'channel_messages_published_total',
      'Total number of messages published into an exchange on a channel',
    ),
    'publish',
  ],
  [
    counter(
      'channel_messages_confirmed_total',
      'Total number of messages published into an exchange and confirmed on the channel',
    ),
    'confirm',
  ],
  [
    counter(
      'channel_messages_unroutable_returned_total',
      'Total number of messages published as mandatory into an exchange and returned to the publisher as unroutable',
    ),
    'returnUnroutable',
  ],
  [
    counter(
      'channel_messages_unroutable_dropped_total',
      'Total number of messages published as non-mandatory into an exchange and dropped as unroutable',
    ),
    'dropUnroutable',
  ],
]);

export const channelProcesses: Family = {
  metrics: [counter('channel_process_reductions_total', 'Total number of channel process reductions')],
  read: (node) => ofChannels(node, () => [0]),
};

/** Not told apart by queue. */
export const channelQueues = counted([
  [
    counter(
      'channel_get_ack_total',
      'Total number of messages fetched with basic.get in manual acknowledgement mode',
    ),
    'get',
  ],
  [
    counter(
      'channel_get_total',
      'Total number of messages fetched with basic.get in automatic acknowledgement mode',
    ),
    'getNoAck',
  ],
  [
    counter(
      'channel_messages_delivered_ack_total',
      'Total number of messages delivered to consumers in manual acknowledgement mode',
    ),
    'deliver',
  ],
  [
    counter(
      'channel_messages_delivered_total',
      'Total number of messages delivered to consumers in automatic acknowledgement mode',
    ),
    'deliverNoAck',
  ],
  [
    counter('channel_messages_redelivered_total', 'Total number of messages redelivered to consumers'),
    'redeliver',
  ],
  [counter('channel_messages_acked_total', 'Total number of messages acknowledged by consumers'), 'ack'],
  [
    counter('channel_get_empty_total', 'Total number of times basic.get operations fetched no message'),
    'getEmpty',
  ],
]);

export const connectionsCoarse: Family = {
  metrics: [
    counter('connection_incoming_bytes_total', 'Total number of bytes received on a connection'),
    counter('connection_outgoing_bytes_total', 'Total number of bytes sent on a connection'),
    counter('connection_process_reductions_total', 'Total number of connection process reductions'),
  ],
  read: (node) => ofConnections(node, ({ traffic, output }) => [traffic.receivedOctets, output.octets, 0]),
};

export const connections: Family = {
  metrics: [
    counter('connection_incoming_packets_total', 'Total number of packets received on a connection'),
    counter('connection_outgoing_packets_total', 'Total number of packets sent on a connection'),
    gauge('connection_pending_packets', 'Number of packets waiting to be sent on a connection'),
    gauge('connection_channels', 'Channels on a connection'),
  ],
  read: (node) =>
    ofConnections(node, (connection) => {
      const info = connection.info();
      return ['recv_cnt', 'send_cnt', 'send_pend', 'channels'].map((key) => Number(info[key] ?? 0));
    }),
};

function counted(columns: readonly (readonly [Metric, keyof ChannelCounters])[]): Family {
  return {
    metrics: columns.map(([metric]) => metric),
    read: (node) => ofChannels(node, ({ counters }) => columns.map(([, key]) => counters[key]), true),
  };
}

/** Channels with nothing to count are not shown among those `counted` by what they did. */
function* ofChannels(
  node: MeasuredNode,
  values: (channel: ChannelEntry) => number[],
  busy = false,
): Generator<Measured> {
  for (const connection of node.admin.connections.values()) {
    if (node.vhosts !== null && !node.vhosts.has(connection.vhost)) continue;
    for (const channel of connection.channels()) {
      const measured = values(channel);
      if (busy && measured.every((value) => value === 0)) continue;
      const name = channel.pid;
      const labels: Labels = busy ? { channel: name, vhost: connection.vhost } : { channel: name };
      yield { labels, values: measured };
    }
  }
}

function* ofConnections(
  { admin }: MeasuredNode,
  values: (connection: ConnectionEntry) => number[],
): Generator<Measured> {
  for (const connection of admin.connections.values()) {
    yield { labels: { channel: connection.id }, values: values(connection) };
  }
}
