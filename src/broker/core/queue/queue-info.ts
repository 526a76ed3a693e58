/** What listings show of a queue: RabbitMQ's keys of list_queues and of /api/queues. */
import { property } from '../../protocol/properties.js';
import type { ConsumerDetails, QueueFigures, QueueInfo } from '../admin-port.js';
import type { QueueCounters } from '../counters.js';
import type { EffectivePolicy } from '../metadata/effective-policy.js';
import type { QueueRow } from '../metadata/rows.js';
import { plainTable } from '../plain-table.js';
import type { ConsumerList, Subscription } from './consumer-list.js';
import type { QueueSettings } from './queue-settings.js';
import type { ReadyMessages } from './ready-messages.js';
import type { Safekeeping } from './safekeeping.js';
import type { Unacknowledged } from './unacknowledged.js';

export interface QueueParts {
  ready: ReadyMessages;
  unacknowledged: Unacknowledged;
  kept: Safekeeping;
  consumers: ConsumerList;
}

interface Described {
  row: QueueRow;
  settings: QueueSettings;
  counters: QueueCounters;
}

/** Assigned, not spread: listings of thousands of queues ask for it every second. */
export function queueInfo(
  { row, settings, counters }: Described,
  parts: QueueParts,
  { policy, operatorPolicy, definition }: EffectivePolicy,
  idleSince: number | null,
): QueueInfo {
  const info = rowInfo(row);
  Object.assign(info, queueFigures(parts), consumerInfo(parts.consumers, row));
  const mode = settings.lazy ? 'lazy' : 'default';
  info.backing_queue_status = { mode, version: 1, len: parts.ready.length };
  info.policy = policy?.name ?? null;
  info.operator_policy = operatorPolicy?.name ?? null;
  info.effective_policy_definition = definition;
  info.state = 'running';
  info.idle_since = idleSince === null ? null : new Date(idleSince).toISOString();
  info.message_stats = messageStats(counters);
  return info;
}

/** What is known of a queue wherever it is led, even of one whose node is down. */
export function rowInfo(row: QueueRow): QueueInfo {
  return {
    name: row.name,
    vhost: row.vhost,
    node: row.leader,
    type: row.type,
    durable: row.durable,
    auto_delete: row.autoDelete,
    exclusive: row.exclusiveOwner !== null,
    owner_pid: row.exclusiveOwner,
    arguments: plainTable(row.arguments),
    pid: pidOf(row.leader),
    leader: row.leader,
    members: row.members ?? [row.leader, ...row.mirrors],
    online: [row.leader, ...row.mirrors],
    slave_pids: row.mirrors.map(pidOf),
    slave_nodes: row.mirrors,
    synchronised_slave_pids: row.syncedMirrors.map(pidOf),
    synchronised_slave_nodes: row.syncedMirrors,
    recoverable_slaves: row.recoverableMirrors,
    mirror_pids: row.mirrors.map(pidOf),
    synchronised_mirror_pids: row.syncedMirrors.map(pidOf),
  };
}

const pidOf = (node: string) => `<${node}.1.0.0>`;

/** Its numbers alone, which metrics add up of thousands. */
export function queueFigures({ ready, unacknowledged, kept, consumers }: QueueParts): QueueFigures {
  const messages = ready.length + unacknowledged.size;
  const bytes = ready.bytes + unacknowledged.bytes;
  const head = ready.peek();
  const utilisation = consumers.size === 0 ? 0 : ready.length === 0 ? 1 : 0.5;
  return {
    messages,
    messages_ready: ready.length,
    messages_unacknowledged: unacknowledged.size,
    messages_ram: ready.inMemory + unacknowledged.inMemory,
    messages_ready_ram: ready.inMemory,
    messages_unacknowledged_ram: unacknowledged.inMemory,
    messages_persistent: kept.persistent,
    messages_paged_out: messages - ready.inMemory - unacknowledged.inMemory,
    message_bytes: bytes,
    message_bytes_ready: ready.bytes,
    message_bytes_unacknowledged: unacknowledged.bytes,
    message_bytes_ram: ready.bytesInMemory + unacknowledged.bytesInMemory,
    message_bytes_persistent: kept.persistentBytes,
    message_bytes_paged_out: bytes - ready.bytesInMemory - unacknowledged.bytesInMemory,
    head_message_timestamp:
      head === undefined ? null : numberOf(property(head.message.properties, 'timestamp')),
    disk_reads: 0,
    disk_writes: 0,
    consumers: consumers.size,
    consumer_capacity: utilisation,
    consumer_utilisation: utilisation,
    memory: 10_000 + ready.resident + unacknowledged.bytesInMemory,
  };
}

const numberOf = (value: number | bigint | undefined) => (value === undefined ? null : Number(value));

function consumerInfo(consumers: ConsumerList, row: QueueRow): QueueInfo {
  const all = [...consumers.all()];
  const exclusive = all.find(({ consumer }) => consumer.exclusive) ?? null;
  const single = consumers.singleActive ? (all.find((each) => consumers.isActive(each)) ?? null) : null;
  const info: QueueInfo = {
    exclusive_consumer_pid: exclusive === null ? null : pidOf(exclusive.consumer.channel.node),
    exclusive_consumer_tag: exclusive?.consumer.tag ?? null,
    consumer_details: all.map((each) => consumerDetails(each, consumers, row)),
  };
  if (consumers.singleActive) {
    info.single_active_consumer_tag = single?.consumer.tag ?? null;
    info.single_active_consumer_pid = single === null ? null : pidOf(single.consumer.channel.node);
  }
  return info;
}

function consumerDetails(each: Subscription, consumers: ConsumerList, row: QueueRow): ConsumerDetails {
  const { consumer } = each;
  const { node, connection, number, user } = consumer.channel;
  const active = consumers.isActive(each);
  return {
    consumer_tag: consumer.tag,
    exclusive: consumer.exclusive,
    ack_required: !consumer.noAck,
    prefetch_count: consumer.prefetch,
    active,
    activity_status: !consumers.singleActive ? 'up' : active ? 'single_active' : 'waiting',
    arguments: plainTable(consumer.arguments),
    channel_details: { node, connection_name: connection, name: `${connection} (${number})`, number, user },
    queue: { name: row.name, vhost: row.vhost },
  };
}

function messageStats(counters: QueueCounters): Record<string, number> {
  const { publish, deliver, deliverNoAck, get, getNoAck, getEmpty, ack, redeliver } = counters;
  return {
    publish,
    deliver,
    deliver_no_ack: deliverNoAck,
    get,
    get_no_ack: getNoAck,
    get_empty: getEmpty,
    deliver_get: deliver + deliverNoAck + get + getNoAck,
    ack,
    redeliver,
  };
}
