/** Queues that this node leads. */
import type { LocalQueueView } from '../../core/admin-port.js';
import { counter, type Family, gauge, type Measured, type MeasuredNode, single } from '../family.js';

const consumers = gauge('queue_consumers', 'Consumers on a queue');

export const queueCoarse: Family = {
  metrics: [
    gauge('queue_messages_ready', 'Messages ready to be delivered to consumers'),
    gauge('queue_messages_unacked', 'Messages delivered to consumers but not yet acknowledged'),
    gauge('queue_messages', 'Sum of ready and unacknowledged messages - total queue depth'),
    counter('queue_process_reductions_total', 'Total number of queue process reductions'),
  ],
  read: (node) =>
    ofQueues(node, (queue) => {
      const { ready, unacknowledged } = queue.lengths();
      return [ready, unacknowledged, ready + unacknowledged, 0];
    }),
};

export const queueConsumers: Family = {
  metrics: [consumers],
  read: (node) => ofQueues(node, (queue) => [queue.lengths().consumers]),
};

/** Each metric with its key of the queue's figures. */
const described = [
  [consumers, 'consumers'],
  [single(gauge('queue_consumer_capacity', 'Consumer capacity')), 'consumer_capacity'],
  [gauge('queue_consumer_utilisation', 'Same as consumer capacity'), 'consumer_utilisation'],
  [gauge('queue_process_memory_bytes', 'Memory in bytes used by the Erlang queue process'), 'memory'],
  [gauge('queue_messages_ram', 'Ready and unacknowledged messages stored in memory'), 'messages_ram'],
  [
    gauge('queue_messages_ram_bytes', 'Size of ready and unacknowledged messages stored in memory'),
    'message_bytes_ram',
  ],
  [gauge('queue_messages_ready_ram', 'Ready messages stored in memory'), 'messages_ready_ram'],
  [
    gauge('queue_messages_unacked_ram', 'Unacknowledged messages stored in memory'),
    'messages_unacknowledged_ram',
  ],
  [gauge('queue_messages_persistent', 'Persistent messages'), 'messages_persistent'],
  [
    single(gauge('queue_messages_persistent_bytes', 'Size in bytes of persistent messages')),
    'message_bytes_persistent',
  ],
  [gauge('queue_messages_bytes', 'Size in bytes of ready and unacknowledged messages'), 'message_bytes'],
  [gauge('queue_messages_ready_bytes', 'Size in bytes of ready messages'), 'message_bytes_ready'],
  [
    gauge('queue_messages_unacked_bytes', 'Size in bytes of all unacknowledged messages'),
    'message_bytes_unacknowledged',
  ],
  [gauge('queue_messages_paged_out', 'Messages paged out to disk'), 'messages_paged_out'],
  [
    gauge('queue_messages_paged_out_bytes', 'Size in bytes of messages paged out to disk'),
    'message_bytes_paged_out',
  ],
  [
    single(gauge('queue_head_message_timestamp', 'Timestamp of the first message in the queue, if any')),
    'head_message_timestamp',
  ],
  [counter('queue_disk_reads_total', 'Total number of times queue read messages from disk'), 'disk_reads'],
  [counter('queue_disk_writes_total', 'Total number of times queue wrote messages to disk'), 'disk_writes'],
] as const;

export const queues: Family = {
  metrics: described.map(([metric]) => metric),
  read: (node) =>
    ofQueues(node, (queue) => {
      const figures = queue.figures();
      return described.map(([, key]) => figures[key] ?? Number.NaN);
    }),
};

/** What entered queues from exchanges; not told apart by channel and exchange. */
export const queuesPublished: Family = {
  metrics: [counter('queue_messages_published_total', 'Total number of messages published to queues')],
  *read(node) {
    for (const { labels, values } of ofQueues(node, (queue) => [queue.counters.publish])) {
      const { vhost = '', queue = '' } = labels;
      if (values[0] !== 0) yield { labels: { queue_vhost: vhost, queue }, values };
    }
  },
};

function* ofQueues(
  { admin, vhosts }: MeasuredNode,
  values: (queue: LocalQueueView) => number[],
): Generator<Measured> {
  for (const vhost of admin.vhosts()) {
    if (vhosts !== null && !vhosts.has(vhost.name)) continue;
    for (const queue of vhost.localQueues()) {
      yield { labels: { vhost: vhost.name, queue: queue.row.name }, values: values(queue) };
    }
  }
}
