import { bytes, type Columns, column, lasting, rate, time } from './column.js';

export const connectionColumns: Columns = {
  usual: ['name', 'user', 'vhost', 'node', 'state', 'channels', 'client', 'connected_at'],
  all: [
    column('name'),
    column('user'),
    column('vhost'),
    column('node'),
    column('state'),
    column('channels'),
    column('client', 'client_properties.connection_name'),
    column('product', 'client_properties.product'),
    column('connected_at', 'connected_at', time),
    column('protocol'),
    column('tls', 'ssl'),
    column('peer_host'),
    column('peer_port'),
    column('heartbeat', 'timeout'),
    column('received', 'recv_oct', bytes),
    column('sent', 'send_oct', bytes),
  ],
};

export const channelColumns: Columns = {
  usual: ['name', 'user', 'vhost', 'state', 'consumers', 'unacknowledged', 'prefetch', 'confirm'],
  all: [
    column('name'),
    column('number'),
    column('connection', 'connection_details.name'),
    column('user'),
    column('vhost'),
    column('node'),
    column('state'),
    column('consumers', 'consumer_count'),
    column('unacknowledged', 'messages_unacknowledged'),
    column('unconfirmed', 'messages_unconfirmed'),
    column('prefetch', 'prefetch_count'),
    column('confirm'),
    column('transactional'),
    column('publish', 'message_stats.publish_details.rate', rate),
    column('deliver', 'message_stats.deliver_get_details.rate', rate),
  ],
};

export const consumerColumns: Columns = {
  usual: ['vhost', 'queue', 'consumer_tag', 'connection', 'ack_required', 'prefetch', 'active'],
  all: [
    column('vhost', 'queue.vhost'),
    column('queue', 'queue.name'),
    column('consumer_tag'),
    column('connection', 'channel_details.connection_name'),
    column('channel', 'channel_details.name'),
    column('user', 'channel_details.user'),
    column('ack_required'),
    column('prefetch', 'prefetch_count'),
    column('active'),
    column('status', 'activity_status'),
    column('exclusive'),
    column('arguments'),
  ],
};

export const nodeColumns: Columns = {
  usual: ['name', 'running', 'memory', 'memory_limit', 'disk_free', 'fds', 'sockets', 'uptime', 'partitions'],
  all: [
    column('name'),
    column('running'),
    column('type'),
    column('memory', 'mem_used', bytes),
    column('memory_limit', 'mem_limit', bytes),
    column('memory_alarm', 'mem_alarm'),
    column('disk_free', 'disk_free', bytes),
    column('disk_limit', 'disk_free_limit', bytes),
    column('disk_alarm', 'disk_free_alarm'),
    column('fds', 'fd_used'),
    column('fd_limit', 'fd_total'),
    column('sockets', 'sockets_used'),
    column('processes', 'proc_used'),
    column('uptime', 'uptime', lasting),
    column('partitions'),
    column('plugins', 'enabled_plugins'),
    column('drained', 'being_drained'),
  ],
};
