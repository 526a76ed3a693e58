/** This node's part in each virtual host: messages that went through, what waits, bytes of its clients. */
import type { Admin, VhostView } from '../../core/admin-port.js';
import {
  addCounts,
  type Counts,
  counts,
  queueCountNames,
  queueRow,
  vhostCountNames,
  vhostRow,
} from '../statistics/message-stats.js';
import { lengths, type Sampler } from '../statistics/sampler.js';
import type { VhostCounts } from './questions.js';

const lengthNames = ['messages', 'messages_ready', 'messages_unacknowledged'];
const octetNames = ['recv_oct', 'send_oct'];

export function vhostCounts(admin: Admin, sampler: Sampler): VhostCounts[] {
  const now = sampler.touch();
  const octets = octetsByVhost(admin, sampler, now);
  return [...admin.vhosts()].map((vhost) => ({
    vhost: vhost.name,
    tracing: vhost.tracing,
    ...messagesOf(vhost, sampler, now),
    octets: octets.get(vhost.name) ?? {},
  }));
}

function messagesOf(vhost: VhostView, sampler: Sampler, now: number): { messages: Counts; lengths: Counts } {
  const values = vhostRow(vhost.counters);
  const messages = counts(vhostCountNames, values, sampler.rates.of(`v\0${vhost.name}`, now, values));
  const waiting: Counts = {};
  const width = queueCountNames.length;
  for (const queue of vhost.localQueues()) {
    const { messages: all, ready, unacknowledged } = lengths(queue.infoNow());
    const row = [...queueRow(queue.counters), all, ready, unacknowledged];
    const rates = sampler.rates.of(`q\0${vhost.name}\0${queue.row.name}`, now, row);
    // What entered a queue is not what was published: the virtual host counts that itself.
    addCounts(messages, counts(queueCountNames.slice(1), row.slice(1, width), rates.slice(1, width)));
    addCounts(waiting, counts(lengthNames, row.slice(width), rates.slice(width)));
  }
  return { messages, lengths: waiting };
}

function octetsByVhost(admin: Admin, sampler: Sampler, now: number): Map<string, Counts> {
  const sums = new Map<string, Counts>();
  for (const connection of admin.connections.values()) {
    const info = connection.info();
    const row = [Number(info.recv_oct ?? 0), Number(info.send_oct ?? 0)];
    const rates = sampler.rates.of(`c\0${connection.name}`, now, row);
    const sum = sums.get(connection.vhost) ?? {};
    sums.set(connection.vhost, sum);
    addCounts(sum, counts(octetNames, row, rates));
  }
  return sums;
}
