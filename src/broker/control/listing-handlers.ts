/**
 * Listings. What lives (queues' content, consumers, connections, channels) is known to one node each: every
 * running node is asked for its own, and queues whose leader is down are listed from the metadata.
 */
import type { Admin, ConsumerDetails, LocalQueueView } from '../core/admin-port.js';
import { type BindingRow, keys, type QueueRow } from '../core/metadata/rows.js';
import { rowInfo } from '../core/queue/queue-info.js';
import { type ControlContext, fromAll, type Handlers } from './handler.js';

type Info = Record<string, unknown>;
type Names = 'queues' | 'exchanges' | 'bindings' | 'connections' | 'channels' | 'consumers' | 'local';

export const listingHandlers: Handlers<Names> = {
  async queues({ vhost, which }, context) {
    const { admin } = context;
    const own = which === 'local';
    const living = which === 'offline' ? [] : await livingQueues(context, own);
    const up = new Set(context.peers.running());
    const down =
      own || which === 'online' ? [] : queueRows(admin, vhost).filter(({ leader }) => !up.has(leader));
    const offline = down.map((row) => ({ ...rowInfo(row), state: 'down', online: [], pid: '' }));
    return [...living.filter((info) => info.vhost === vhost), ...offline].map((info) =>
      queueInfo(admin, info),
    );
  },
  exchanges({ vhost }, { admin }) {
    const view = admin.vhost(vhost);
    return [...(view?.exchanges() ?? [])].map(({ row }) => ({
      name: row.name,
      type: row.type,
      durable: row.durable,
      auto_delete: row.autoDelete,
      internal: row.internal,
      arguments: row.arguments,
      policy: view?.policyOf('exchanges', row.name).policy?.name ?? '',
    }));
  },
  bindings({ vhost }, { admin }) {
    const explicit = [...admin.tables.all('bindings')].filter((row) => row.vhost === vhost).map(bindingInfo);
    return [...queueRows(admin, vhost).map(defaultBinding), ...explicit];
  },
  connections: async (_args, context) => (await fromAll(context, 'local', { what: 'connections' })).flat(),
  channels: async (_args, context) => (await fromAll(context, 'local', { what: 'channels' })).flat(),
  consumers: async ({ vhost }, context) =>
    (await fromAll(context, 'local', { what: 'consumers' })).flat().filter((info) => info.vhost === vhost),
  local: ({ what }, { admin }) => local[what](admin),
};

/** As rabbitmqctl shows a queue: its arguments typed, members where they are a quorum queue's, mirrors where it may have some. */
function queueInfo(admin: Admin, info: Info): Info {
  const row = admin.tables.get('queues', keys.queue(String(info.vhost), String(info.name)));
  const mirrored = (info.effective_policy_definition as Info | undefined)?.['ha-mode'] !== undefined;
  const none = info.exclusive === true || !(mirrored || (row?.mirrors.length ?? 0) > 0);
  return {
    ...info,
    arguments: row?.arguments ?? info.arguments,
    ...(info.type === 'classic' ? { leader: '', members: '', online: '' } : {}),
    ...(none ? { slave_pids: '', synchronised_slave_pids: '' } : {}),
  };
}

async function livingQueues(context: ControlContext, own: boolean): Promise<Info[]> {
  if (own) return local.queues(context.admin);
  return (await fromAll(context, 'local', { what: 'queues' })).flat();
}

const local: Record<'queues' | 'connections' | 'channels' | 'consumers', (admin: Admin) => Info[]> = {
  queues: (admin) => localQueues(admin).map((queue) => queue.infoNow()),
  connections: (admin) => [...admin.connections.values()].map((connection) => connection.info()),
  channels: (admin) =>
    [...admin.connections.values()].flatMap((connection) =>
      [...connection.channels()].map((channel) => channel.info()),
    ),
  consumers: (admin) =>
    localQueues(admin).flatMap((queue) => {
      const details = (queue.infoNow().consumer_details ?? []) as ConsumerDetails[];
      return details.map((consumer) => consumerInfo(consumer));
    }),
};

function localQueues(admin: Admin): LocalQueueView[] {
  return [...admin.vhosts()].flatMap((vhost) => [...vhost.localQueues()]);
}

function queueRows(admin: Admin, vhost: string): QueueRow[] {
  return [...admin.tables.all('queues')].filter((row) => row.vhost === vhost);
}

/** rabbitmqctl's names for what /api/consumers shows. */
function consumerInfo(consumer: ConsumerDetails): Info {
  const { queue, channel_details, ...rest } = consumer;
  return {
    ...rest,
    queue_name: queue.name,
    vhost: queue.vhost,
    channel_pid: `<${channel_details.node}.1.${channel_details.number}.0>`,
  };
}

function bindingInfo(row: BindingRow): Info {
  return {
    source_name: row.source,
    source_kind: 'exchange',
    destination_name: row.destination,
    destination_kind: row.destinationKind,
    routing_key: row.routingKey,
    arguments: row.arguments,
  };
}

/** Every queue is bound to the default exchange by its name. */
function defaultBinding({ name }: QueueRow): Info {
  return {
    source_name: '',
    source_kind: 'exchange',
    destination_name: name,
    destination_kind: 'queue',
    routing_key: name,
    arguments: [],
  };
}
