/** This node's queues, as /api/queues shows them. */
import type { Admin, ConsumerDetails, LocalQueueView } from '../../core/admin-port.js';
import { keys, type QueueRow } from '../../core/metadata/rows.js';
import type { Item } from '../http/columns.js';
import { allDetailed, type Counts, noneLike, statsIfAny } from '../statistics/message-stats.js';
import { queueCounts, queueLengths, queueRow } from '../statistics/rows.js';
import type { Columns, Sampler } from '../statistics/sampler.js';
import { withPeer } from './consumer-items.js';
import type { Name, Questions } from './questions.js';
import { itemOfType } from './queue-types.js';

export function queueItems(admin: Admin, sampler: Sampler, asked: Questions['management.queues'][0]): Item[] {
  const now = sampler.touch();
  const items: Item[] = [];
  for (const queue of chosen(admin, asked.names)) {
    const row = queueRow(queue);
    const count: Count = (columns) => sampler.counts(row, now, columns);
    const item = queueItem(admin, queue, count, asked);
    const stats = statsIfAny(
      sampler.messages([row], now, [{ names: queueCounts, range: asked.ranges.messages }]),
    );
    if (stats !== undefined) item.message_stats = stats;
    items.push(itemOfType(Object.assign(item, sampler.idle(row, now)), queue.row, asked.consumers));
  }
  return items;
}

function* chosen(admin: Admin, names: Name[] | null): Generator<LocalQueueView> {
  if (names === null) {
    for (const vhost of admin.vhosts()) yield* vhost.localQueues();
    return;
  }
  for (const [vhost, name] of names) {
    const row = admin.tables.get('queues', keys.queue(vhost, name));
    if (row?.leader !== admin.node) continue;
    const queue = admin.vhost(vhost)?.queue(name);
    if (queue !== undefined && 'infoNow' in queue) yield queue as LocalQueueView;
  }
}

/** What a queue says of itself that goes out as it is. */
const ownKeys = [
  'name',
  'vhost',
  'node',
  'type',
  'durable',
  'auto_delete',
  'exclusive',
  'arguments',
  'policy',
  'operator_policy',
  'effective_policy_definition',
  'state',
  'messages_ram',
  'messages_ready_ram',
  'messages_unacknowledged_ram',
  'messages_persistent',
  'messages_paged_out',
  'message_bytes',
  'message_bytes_ready',
  'message_bytes_unacknowledged',
  'message_bytes_ram',
  'message_bytes_persistent',
  'message_bytes_paged_out',
  'head_message_timestamp',
  'consumers',
  'consumer_capacity',
  'consumer_utilisation',
  'exclusive_consumer_tag',
  'single_active_consumer_tag',
  'memory',
] as const;

type Count = (columns: Columns[]) => Counts;

function queueItem(
  admin: Admin,
  queue: LocalQueueView,
  count: Count,
  { ranges, consumers: single }: Questions['management.queues'][0],
): Item {
  const info = queue.infoNow();
  const item: Item = { ...standard };
  for (const key of ownKeys) item[key] = info[key] ?? null;
  item.backing_queue_status = backingStatus(info);
  const from = queueCounts.length;
  Object.assign(item, allDetailed(count([{ names: queueLengths, from, range: ranges.lengths }])));
  const times = ranges.data === null ? undefined : count([{ names: ['any'], range: ranges.data }]).any;
  Object.assign(item, allDetailed(noneLike(['reductions'], times)));
  addMirrors(item, queue.row);
  if (single) {
    item.consumer_details = ((info.consumer_details ?? []) as ConsumerDetails[]).map(withPeer);
    Object.assign(item, owner(admin, queue.row));
  }
  return item;
}

function addMirrors(item: Item, row: QueueRow): void {
  const mirrored = row.mirrors.length > 0 || row.recoverableMirrors.length > 0;
  item.recoverable_slaves = mirrored ? [...new Set([...row.mirrors, ...row.recoverableMirrors])] : null;
  if (!mirrored) return;
  item.slave_nodes = row.mirrors;
  item.synchronised_slave_nodes = row.syncedMirrors;
}

/** The connection that an exclusive queue lives and dies with. */
function owner(admin: Admin, row: QueueRow): Item {
  if (row.exclusiveOwner === null) return {};
  const connection = admin.connections.get(row.exclusiveOwner);
  if (connection === undefined) return {};
  const { peer_host, peer_port } = connection.info();
  return { owner_pid_details: { name: connection.name, peer_host, peer_port } };
}

/** How the queue keeps its messages; all of them stand in the fourth part, as in a queue that was never paged out. */
function backingStatus(info: Item): Item {
  const len = Number(info.messages_ready ?? 0);
  const own = (info.backing_queue_status ?? {}) as Item;
  return {
    avg_ack_egress_rate: 0,
    avg_ack_ingress_rate: 0,
    avg_egress_rate: 0,
    avg_ingress_rate: 0,
    delta: ['delta', 'undefined', 0, 0, 'undefined'],
    len,
    mode: own.mode ?? 'default',
    next_deliver_seq_id: 0,
    next_seq_id: 0,
    q1: 0,
    q2: 0,
    q3: 0,
    q4: len,
    target_ram_count: 'infinity',
    version: own.version ?? 1,
  };
}

/** Keys of Erlang's own bookkeeping that clients may look for. */
const standard: Item = {
  garbage_collection: {
    fullsweep_after: 65535,
    max_heap_size: 0,
    min_bin_vheap_size: 46422,
    min_heap_size: 233,
    minor_gcs: 0,
  },
};
