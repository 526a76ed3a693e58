import type { ChannelFigures } from '../core/broker-port.js';
import type { Channel } from './channel.js';
import { messageStats } from './counters.js';

/** What list_channels and /api/channels show, under RabbitMQ's names. */
export function channelInfo(channel: Channel): Record<string, unknown> {
  const { connection, transaction } = channel;
  return {
    pid: channel.pid,
    connection: connection.id,
    name: `${connection.name} (${channel.number})`,
    number: channel.number,
    user: connection.principal.user,
    user_who_performed_action: connection.principal.user,
    vhost: connection.vhost,
    node: channel.identity.node,
    transactional: transaction !== null,
    confirm: channel.confirming,
    ...channelFigures(channel),
    pending_raft_commands: 0,
    state: channel.state === 'closed' ? 'closing' : channel.state,
    message_stats: messageStats(channel.counters),
    connection_details: {
      name: connection.name,
      peer_host: connection.origin.ends.peerHost,
      peer_port: connection.origin.ends.peerPort,
    },
  };
}

export function channelFigures(channel: Channel): ChannelFigures {
  const { transaction, confirms } = channel;
  return {
    consumer_count: channel.consumers.size,
    messages_unacknowledged: channel.unacked.size,
    messages_unconfirmed: channel.confirming ? confirms!.open : 0,
    messages_uncommitted: transaction?.publishes.length ?? 0,
    acks_uncommitted: transaction?.settlements.length ?? 0,
    prefetch_count: channel.prefetch,
    global_prefetch_count: channel.globalPrefetch,
  };
}
