/** What a node's memory goes into, under the names that RabbitMQ gives its categories. */
import type { Item } from '../http/columns.js';
import type { ManagementFacts } from '../ports.js';

const empty = [
  'connection_readers',
  'connection_writers',
  'connection_channels',
  'connection_other',
  'queue_procs',
  'queue_slave_procs',
  'quorum_queue_procs',
  'quorum_queue_dlx_procs',
  'stream_queue_procs',
  'stream_queue_replica_reader_procs',
  'stream_queue_coordinator_procs',
  'plugins',
  'other_proc',
  'metrics',
  'mgmt_db',
  'mnesia',
  'quorum_ets',
  'other_ets',
  'binary',
  'msg_index',
  'code',
  'atom',
  'other_system',
  'allocated_unused',
  'reserved_unallocated',
];

export function memoryItem({ memory }: ManagementFacts): { absolute: Item; relative: Item } {
  const { rss, heapUsed, heapTotal, external } = memory;
  const parts: Record<string, number> = Object.fromEntries(empty.map((name) => [name, 0]));
  parts.other_proc = heapUsed;
  parts.binary = external;
  parts.allocated_unused = heapTotal - heapUsed;
  parts.reserved_unallocated = Math.max(0, rss - heapTotal - external);
  const total = { erlang: heapUsed + external, rss, allocated: heapTotal + external };
  const percent = (value: number) => Math.ceil((value / rss) * 100);
  const relative = Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, percent(value)]));
  return {
    absolute: { ...parts, strategy: 'rss', total },
    relative: { total: 100, ...relative },
  };
}
