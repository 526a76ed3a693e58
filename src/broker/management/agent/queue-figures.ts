/** One figure of each of this node's queues: what a list is ordered by before a page of it is asked for. */
import type { Admin } from '../../core/admin-port.js';
import { queueCounts, queueLengths, queueRow } from '../statistics/rows.js';
import type { Sampler } from '../statistics/sampler.js';

export function queueFigureList(
  admin: Admin,
  sampler: Sampler,
  key: string,
): [vhost: string, name: string, value: number][] {
  const figures: [string, string, number][] = [];
  const rate = /^(?:message_stats\.)?(\w+)_details\.rate$/.exec(key)?.[1];
  const name = rate ?? key.replace('message_stats.', '');
  const at = [...queueCounts, ...queueLengths].indexOf(name);
  const now = sampler.touch();
  for (const vhost of admin.vhosts()) {
    for (const queue of vhost.localQueues()) {
      const value =
        name === 'consumers'
          ? queue.lengths().consumers
          : sampler.figure(queueRow(queue), now, at, rate !== undefined);
      figures.push([vhost.name, queue.row.name, value]);
    }
  }
  return figures;
}
