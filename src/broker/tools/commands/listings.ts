import type { QueueFilter } from '../../control/requests.js';
import { checkColumns, columnsOf } from '../columns.js';
import type { Command, Invocation, Outcome } from '../command.js';
import { type Info, infoCell } from '../info-cells.js';

const words = (list: string) => list.trim().split(/\s+/);

interface Listing {
  usage: string;
  columns: string[];
  usual: string[];
  banner(invocation: Invocation): string;
  ask(invocation: Invocation, session: Parameters<Command['run']>[1]): Promise<readonly Info[]>;
}

function listing({ usage, columns, usual, banner, ask }: Listing): Command {
  return {
    usage,
    operands: [0, Number.POSITIVE_INFINITY],
    options: { local: 'flag', 'queue-timeout': 'integer' },
    requires: 'running app',
    formatter: 'table',
    timeout: 60,
    check: ({ operands }) => checkColumns(operands, columns),
    banner,
    async run(invocation, session): Promise<Outcome> {
      const asked = columnsOf(invocation.operands, usual);
      const found = await ask(invocation, session);
      return {
        kind: 'rows',
        columns: asked,
        rows: found.map((info) => asked.map((column) => infoCell(column, info))),
      };
    },
  };
}

const seconds = (timeout: number) => (Number.isInteger(timeout) ? timeout.toFixed(1) : String(timeout));

function filterOf({ options }: Invocation): QueueFilter {
  if (options.local === true) return 'local';
  if (options.online === true && options.offline !== true) return 'online';
  return options.offline === true && options.online !== true ? 'offline' : 'all';
}

const listQueues = listing({
  usage:
    '[--vhost <vhost>] [--online] [--offline] [--local] [--no-table-headers] [<column>, ...] [--timeout <timeout>]',
  columns: words(`
    arguments auto_delete consumer_capacity consumer_utilisation consumers disk_reads disk_writes durable exclusive
    exclusive_consumer_pid exclusive_consumer_tag head_message_timestamp leader members memory message_bytes
    message_bytes_persistent message_bytes_ram message_bytes_ready message_bytes_unacknowledged messages
    messages_persistent messages_ram messages_ready messages_ready_ram messages_unacknowledged
    messages_unacknowledged_ram name online owner_pid pid policy slave_pids state synchronised_slave_pids type`),
  usual: ['name', 'messages'],
  banner: ({ vhost, timeout }) =>
    `Timeout: ${seconds(timeout)} seconds ...\nListing queues for vhost ${vhost} ...`,
  ask: (invocation, session) =>
    session.ask('queues', { vhost: invocation.vhost, which: filterOf(invocation) }),
});

/** Queues of nodes that do not answer are told apart by list_queues --offline; those that answer do so at once. */
const listUnresponsiveQueues = listing({
  usage:
    '[--local] [--queue-timeout <milliseconds>] [<column> ...] [--no-table-headers] [--timeout <timeout>]',
  columns: words('name durable auto_delete arguments pid recoverable_slaves'),
  usual: ['name'],
  banner: ({ vhost }) => `Listing unresponsive queues for vhost ${vhost} ...`,
  ask: async () => [],
});

const listExchanges = listing({
  usage: '[--vhost <vhost>] [--no-table-headers] [<column> ...] [--timeout <timeout>]',
  columns: words('name type durable auto_delete internal arguments policy'),
  usual: ['name', 'type'],
  banner: ({ vhost }) => `Listing exchanges for vhost ${vhost} ...`,
  ask: ({ vhost }, session) => session.ask('exchanges', { vhost }),
});

const listBindings = listing({
  usage: '[--vhost <vhost>] [--no-table-headers] [<column> ...] [--timeout <timeout>]',
  columns: words('source_name source_kind destination_name destination_kind routing_key arguments'),
  usual: words('source_name source_kind destination_name destination_kind routing_key arguments'),
  banner: ({ vhost }) => `Listing bindings for vhost ${vhost}...`,
  ask: ({ vhost }, session) => session.ask('bindings', { vhost }),
});

const listConnections = listing({
  usage: '[--no-table-headers] [<column> ...] [--timeout <timeout>]',
  columns: words(`
    pid name port host peer_port peer_host ssl ssl_protocol ssl_key_exchange ssl_cipher ssl_hash peer_cert_subject
    peer_cert_issuer peer_cert_validity state channels protocol auth_mechanism user vhost timeout frame_max
    channel_max client_properties recv_oct recv_cnt send_oct send_cnt send_pend connected_at`),
  usual: words('user peer_host peer_port state'),
  banner: () => 'Listing connections ...',
  ask: (_invocation, session) => session.ask('connections', {}),
});

const listChannels = listing({
  usage: '[--no-table-headers] [<column> ...]',
  columns: words(`
    pid connection name number user vhost transactional confirm consumer_count messages_unacknowledged
    messages_uncommitted acks_uncommitted messages_unconfirmed prefetch_count global_prefetch_count`),
  usual: words('pid user consumer_count messages_unacknowledged'),
  banner: () => 'Listing channels ...',
  ask: (_invocation, session) => session.ask('channels', {}),
});

const listConsumers = listing({
  usage: '[--vhost <vhost>] [--no-table-headers] [<column> ...] [--timeout <timeout>]',
  columns: words(
    'queue_name channel_pid consumer_tag ack_required prefetch_count active activity_status arguments',
  ),
  usual: words('queue_name channel_pid consumer_tag ack_required prefetch_count active arguments'),
  banner: ({ vhost }) => `Listing consumers in vhost ${vhost} ...`,
  ask: ({ vhost }, session) => session.ask('consumers', { vhost }),
});

export const listingCommands: Record<string, Command> = {
  list_queues: listQueues,
  list_unresponsive_queues: listUnresponsiveQueues,
  list_exchanges: listExchanges,
  list_bindings: listBindings,
  list_connections: listConnections,
  list_channels: listChannels,
  list_consumers: listConsumers,
};
