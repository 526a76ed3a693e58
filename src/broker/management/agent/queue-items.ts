/** This node's queues, as /api/queues shows them. */
import type { Admin, LocalQueueView } from '../../core/admin-port.js';
import { keys } from '../../core/metadata/rows.js';
import { tableToJson } from '../../core/definitions/json-arguments.js';
import type { Item } from '../http/columns.js';
import { counts, detailed, queueCountNames, queueRow, statsIfAny } from '../statistics/message-stats.js';
import { lengths, type Sampler } from '../statistics/sampler.js';
import type { Name } from './questions.js';

export function queueItems(admin: Admin, sampler: Sampler, names: Name[] | null, consumers: boolean): Item[] {
  const now = sampler.touch();
  const items: Item[] = [];
  for (const queue of chosen(admin, names)) items.push(queueItem(queue, sampler, now, consumers));
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

/** Of these, RabbitMQ shows a rate; of the others, only the value. */
const measured = ['messages', 'messages_ready', 'messages_unacknowledged'] as const;

function queueItem(queue: LocalQueueView, sampler: Sampler, now: number, consumers: boolean): Item {
  const info = queue.infoNow();
  const { row } = queue;
  const { messages, ready, unacknowledged } = lengths(info);
  const values = [...queueRow(queue.counters), messages, ready, unacknowledged];
  const rates = sampler.rates.of(`q\0${row.vhost}\0${row.name}`, now, values);
  const item: Item = { ...standard, ...info, arguments: tableToJson(row.arguments) };
  for (const [index, name] of measured.entries()) {
    const at = queueCountNames.length + index;
    Object.assign(item, detailed(name, { total: values[at] as number, rate: rates[at] as number }));
  }
  item.reductions_details = { rate: 0 };
  const stats = statsIfAny(counts(queueCountNames, values, rates));
  if (stats !== undefined) item.message_stats = stats;
  if (!consumers) delete item.consumer_details;
  return item;
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
  reductions: 0,
};
