/** Answers what the management of any node asks about this one (`questions.ts`). */
import type { Admin } from '../../core/admin-port.js';
import type { LoginCounters } from '../../core/counters.js';
import type { ManagementPorts } from '../ports.js';
import type { Ranges } from '../statistics/range.js';
import { exchangeRow, exchangeCounts as names } from '../statistics/rows.js';
import type { Sampler } from '../statistics/sampler.js';
import type { Answers } from './ask.js';
import { channelItems, closeConnections, connectionItems } from './connection-items.js';
import { consumerItems } from './consumer-items.js';
import { declareHere } from './declare-queue.js';
import { memoryItem } from './memory.js';
import { contexts, listenerItems, nodeItem } from './node-item.js';
import { nodeTotals } from './node-totals.js';
import type { ExchangeCounts } from './questions.js';
import { queueFigureList } from './queue-figures.js';
import { queueItems } from './queue-items.js';
import { tracingAnswers } from './tracing-questions.js';
import { vhostCounts } from './vhost-counts.js';

const none: LoginCounters = { succeeded: 0, failed: 0 };

export function agentAnswers(
  { admin, broker, peers, facts, traces }: ManagementPorts,
  sampler: Sampler,
): Answers {
  return {
    ...tracingAnswers(traces),
    'management.queues': (asked) => queueItems(admin, sampler, asked),
    'management.queue_figures': ({ key }) => queueFigureList(admin, sampler, key),
    'management.totals': () => nodeTotals(admin, sampler),
    'management.synchronise': ({ vhost, name }) => admin.synchronise(vhost, name),
    'management.declare_queue': (asked) => declareHere(broker, asked),
    'management.exchanges': (ranges) => exchangeCounts(admin, sampler, ranges),
    'management.connections': (ranges) => connectionItems(admin, sampler, ranges),
    'management.channels': (ranges) => channelItems(admin, sampler, ranges),
    'management.close': ({ names, reason }) => closeConnections(admin, names, reason),
    'management.vhosts': (ranges) => vhostCounts(admin, sampler, ranges),
    'management.tracing': ({ vhost, on }) => {
      admin.vhost(vhost)?.setTracing(on);
      return null;
    },
    'management.node': (ranges) => nodeItem(admin, facts(), peers.links(), sampler, ranges),
    'management.memory': () => memoryItem(facts()),
    'management.listeners': () => ({ listeners: listenerItems(facts()), contexts: contexts(facts()) }),
    'management.consumers': () => consumerItems(admin),
    'management.attempts': ({ reset }) => {
      if (reset) for (const counted of Object.values(admin.logins)) Object.assign(counted, none);
      return Object.entries(admin.logins).map(([protocol, counted]) => ({ protocol, ...counted }));
    },
    'management.alarms': () => admin.alarms.active().filter((alarm) => alarm.node === admin.node),
  };
}

function exchangeCounts(admin: Admin, sampler: Sampler, ranges: Ranges): ExchangeCounts[] {
  const now = sampler.touch();
  const columns = [{ names, range: ranges.messages }];
  const found: ExchangeCounts[] = [];
  for (const vhost of admin.vhosts()) {
    for (const exchange of vhost.exchanges()) {
      const row = exchangeRow(exchange);
      if (row.row.every((value) => value === 0)) continue;
      found.push({ name: [vhost.name, exchange.row.name], counts: sampler.messages([row], now, columns) });
    }
  }
  return found;
}
