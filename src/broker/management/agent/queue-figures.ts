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
  const now = sampler.touch();
  for (const vhost of admin.vhosts()) {
    for (const queue of vhost.localQueues()) {
      figures.push([vhost.name, queue.row.name, figure()]);

      function figure(): number {
        if (name === 'consumers') return queue.lengths().consumers;
        const counted = sampler.counts(queueRow(queue), now, columns)[name];
        return (rate === undefined ? counted?.total : counted?.rate) ?? 0;
      }
    }
  }
  return figures;
}

const columns = [{ names: [...queueCounts, ...queueLengths], range: null }];
