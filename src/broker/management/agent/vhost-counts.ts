/** This node's part in each virtual host: messages that went through, what waits, bytes of its clients. */
import type { Admin, VhostView } from '../../core/admin-port.js';
import { addCounts, type Counts } from '../statistics/message-stats.js';
import type { Ranges } from '../statistics/range.js';
import {
  connectionOctets,
  connectionRow,
  vhostCounts as publishCounts,
  queueCounts,
  queueLengths,
  queueRow,
  vhostRow,
} from '../statistics/rows.js';
import type { Sampler } from '../statistics/sampler.js';
import type { VhostCounts } from './questions.js';

export function vhostCounts(admin: Admin, sampler: Sampler, ranges: Ranges): VhostCounts[] {
  const now = sampler.touch();
  const octets = octetsByVhost(admin, sampler, now, ranges);
  return [...admin.vhosts()].map((vhost) => ({
    vhost: vhost.name,
    tracing: vhost.tracing,
    ...messagesOf(vhost, sampler, now, ranges),
    octets: octets.get(vhost.name) ?? {},
  }));
}

/** What entered a queue is not what was published: the virtual host counts that itself. */
const fromQueues = queueCounts.slice(1);

function messagesOf(vhost: VhostView, sampler: Sampler, now: number, ranges: Ranges) {
  const published = [{ names: publishCounts, range: ranges.messages }];
  const delivered = [{ names: fromQueues, from: 1, range: ranges.messages }];
  const waiting = [{ names: queueLengths, from: queueCounts.length, range: ranges.lengths }];
  const messages = sampler.messages([vhostRow(vhost)], now, published);
  const queues = sampler.sum([...vhost.localQueues()].map(queueRow), now, [...delivered, ...waiting]);
  if (sampler.ratesMode !== 'none') addCounts(messages, named(queues, fromQueues));
  return { messages, lengths: named(queues, queueLengths) };
}

function named(counts: Counts, names: readonly string[]): Counts {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => names.includes(name)));
}

function octetsByVhost(admin: Admin, sampler: Sampler, now: number, ranges: Ranges): Map<string, Counts> {
  const columns = [{ names: connectionOctets, range: ranges.data }];
  const sums = new Map<string, Counts>();
  for (const connection of admin.connections.values()) {
    const sum = sums.get(connection.vhost) ?? {};
    sums.set(connection.vhost, sum);
    addCounts(sum, sampler.counts(connectionRow(connection), now, columns));
  }
  return sums;
}
