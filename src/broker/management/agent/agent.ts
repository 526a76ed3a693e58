/** Answers what the management of any node asks about this one (`questions.ts`). */
import type { Admin } from '../../core/admin-port.js';
import type { ManagementPorts } from '../ports.js';
import { counts, exchangeCountNames, exchangeRow } from '../statistics/message-stats.js';
import type { Sampler } from '../statistics/sampler.js';
import type { Answers } from './ask.js';
import { channelItems, closeConnections, connectionItems } from './connection-items.js';
import { consumerItems } from './consumer-items.js';
import { memoryItem } from './memory.js';
import { contexts, listenerItems, nodeItem } from './node-item.js';
import type { ExchangeCounts } from './questions.js';
import { queueItems } from './queue-items.js';
import { vhostCounts } from './vhost-counts.js';

export function agentAnswers({ admin, facts }: ManagementPorts, sampler: Sampler): Answers {
  return {
    'management.queues': ({ names, consumers }) => queueItems(admin, sampler, names, consumers),
    'management.exchanges': () => exchangeCounts(admin, sampler),
    'management.connections': () => connectionItems(admin, sampler),
    'management.channels': () => channelItems(admin),
    'management.close': ({ names, reason }) => closeConnections(admin, names, reason),
    'management.vhosts': () => vhostCounts(admin, sampler),
    'management.tracing': ({ vhost, on }) => {
      admin.vhost(vhost)?.setTracing(on);
      return null;
    },
    'management.node': () => nodeItem(admin, facts(), sampler),
    'management.memory': () => memoryItem(facts()),
    'management.listeners': () => ({ listeners: listenerItems(facts()), contexts: contexts(facts()) }),
    'management.consumers': () => consumerItems(admin),
    'management.alarms': () => admin.alarms.active().filter((alarm) => alarm.node === admin.node),
  };
}

function exchangeCounts(admin: Admin, sampler: Sampler): ExchangeCounts[] {
  const now = sampler.touch();
  const found: ExchangeCounts[] = [];
  for (const vhost of admin.vhosts()) {
    for (const { row, counters } of vhost.exchanges()) {
      const values = exchangeRow(counters);
      if (values.every((value) => value === 0)) continue;
      const rates = sampler.rates.of(`x\0${vhost.name}\0${row.name}`, now, values);
      found.push({ name: [vhost.name, row.name], counts: counts(exchangeCountNames, values, rates) });
    }
  }
  return found;
}
