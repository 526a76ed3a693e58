import type { Admin } from '../../core/admin-port.js';
import { churnCounts, churnRow } from '../statistics/rows.js';
import type { Sampler } from '../statistics/sampler.js';
import type { NodeTotals } from './questions.js';

export function nodeTotals(admin: Admin, sampler: Sampler): NodeTotals {
  const columns = [{ names: churnCounts, range: null }];
  const churn = sampler.counts(churnRow(admin), sampler.touch(), columns);
  const totals: NodeTotals = { connections: {}, channels: {}, consumers: 0, churn };
  for (const connection of admin.connections.values()) {
    const { user } = connection.principal;
    totals.connections[user] = (totals.connections[user] ?? 0) + 1;
    for (const _channel of connection.channels()) totals.channels[user] = (totals.channels[user] ?? 0) + 1;
  }
  for (const vhost of admin.vhosts()) {
    for (const queue of vhost.localQueues()) totals.consumers += queue.lengths().consumers;
  }
  return totals;
}
