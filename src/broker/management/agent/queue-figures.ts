/** One figure of each of this node's queues: what a list is ordered by before a page of it is asked for. */
import type { Admin, LocalQueueView } from '../../core/admin-port.js';
import { queueCounts, queueLengths, queueRow } from '../statistics/rows.js';
import type { Sampler } from '../statistics/sampler.js';
import type { QueueFigures } from './questions.js';

export function queueFigureList(admin: Admin, sampler: Sampler, key: string): QueueFigures[] {
  const figure = figureOf(sampler, key);
  return [...admin.vhosts()].map((vhost) => {
    const queues = [...vhost.localQueues()];
    return { vhost: vhost.name, names: queues.map(({ row }) => row.name), values: queues.map(figure) };
  });
}

function figureOf(sampler: Sampler, key: string): (queue: LocalQueueView) => number {
  const now = sampler.touch();
  const rate = /^(?:message_stats\.)?(\w+)_details\.rate$/.exec(key)?.[1];
  const name = rate ?? key.replace('message_stats.', '');
  if (name === 'consumers') return (queue) => queue.lengths().consumers;
  const at = [...queueCounts, ...queueLengths].indexOf(name);
  return (queue) => sampler.figure(queueRow(queue), now, at, rate !== undefined);
}
