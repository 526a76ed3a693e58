import type { Admin } from '../../core/admin-port.js';
import type { NodeTotals } from './questions.js';

export function nodeTotals(admin: Admin): NodeTotals {
  const totals: NodeTotals = { connections: {}, channels: {}, consumers: 0 };
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
