/** What /api/queues shows of quorum queues and streams where it is not what it shows of classic ones. */
import type { QueueRow } from '../../core/metadata/rows.js';
import type { Item } from '../http/columns.js';

/** Of classic queues alone. */
const classic = [
  'messages_ready_ram',
  'messages_unacknowledged_ram',
  'messages_paged_out',
  'message_bytes_paged_out',
  'head_message_timestamp',
  'exclusive_consumer_tag',
  'single_active_consumer_tag',
  'backing_queue_status',
  'recoverable_slaves',
  'slave_nodes',
  'synchronised_slave_nodes',
  'idle_since',
];
/** Of quorum queues as well, but not of streams. */
const notOfStreams = [
  'messages_ram',
  'messages_persistent',
  'message_bytes',
  'message_bytes_ready',
  'message_bytes_unacknowledged',
  'message_bytes_ram',
  'message_bytes_persistent',
  'consumer_capacity',
  'consumer_utilisation',
  'message_stats',
];

/** The nodes that have a copy, or are to have one, and those of them that run. */
export function membersOfQueue(row: QueueRow): Item {
  const online = [row.leader, ...row.mirrors];
  const members = row.members ?? online;
  return row.type === 'quorum' ? { leader: row.leader, members, online } : { members, online };
}

/** The item of a queue of another type, made from that of a classic one; of one that is asked for `alone`, or many. */
export function itemOfType(item: Item, row: QueueRow, alone: boolean): Item {
  if (row.type === 'classic') return item;
  const quorum = row.type === 'quorum';
  const left = quorum ? classic : [...classic, ...notOfStreams];
  const shown = Object.fromEntries(Object.entries(item).filter(([key]) => !left.includes(key)));
  Object.assign(shown, membersOfQueue(row));
  const each = Object.fromEntries([row.leader, ...row.mirrors].map((node) => [node, 0]));
  if (!quorum && !alone) delete shown.garbage_collection;
  if (!quorum) return { ...shown, readers: each };
  return {
    ...shown,
    message_bytes_dlx: 0,
    messages_dlx: 0,
    open_files: each,
    single_active_consumer_ctag: item.single_active_consumer_tag ?? null,
  };
}
