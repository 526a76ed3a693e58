/** `message_stats` objects: each count with its `*_details`, and their sums over nodes and objects. */
import type { ExchangeCounters, QueueCounters, VhostCounters } from '../../core/counters.js';

export type Stats = Record<string, unknown>;
/** A count and its rate, by RabbitMQ's name of it. */
export type Counts = Record<string, { total: number; rate: number }>;

export const queueCountNames = [
  'publish',
  'deliver',
  'deliver_no_ack',
  'get',
  'get_no_ack',
  'get_empty',
  'ack',
  'redeliver',
  'deliver_get',
] as const;

export function queueRow(c: QueueCounters): number[] {
  const delivered = c.deliver + c.deliverNoAck + c.get + c.getNoAck;
  return [c.publish, c.deliver, c.deliverNoAck, c.get, c.getNoAck, c.getEmpty, c.ack, c.redeliver, delivered];
}

export const exchangeCountNames = ['publish_in', 'publish_out'] as const;

export const exchangeRow = (c: ExchangeCounters): number[] => [c.publishIn, c.publishOut];

export const vhostCountNames = ['publish', 'confirm', 'return_unroutable', 'drop_unroutable'] as const;

export const vhostRow = (c: VhostCounters): number[] => [
  c.publish,
  c.confirm,
  c.returnUnroutable,
  c.dropUnroutable,
];

export function counts(names: readonly string[], row: readonly number[], rates: readonly number[]): Counts {
  return Object.fromEntries(
    names.map((name, index) => [name, { total: row[index] ?? 0, rate: rates[index] ?? 0 }]),
  );
}

export function addCounts(to: Counts, more: Counts): void {
  for (const [name, { total, rate }] of Object.entries(more)) {
    const sum = to[name];
    if (sum === undefined) to[name] = { total, rate };
    else {
      sum.total += total;
      sum.rate += rate;
    }
  }
}

/** What RabbitMQ shows together: nothing of a group before something of it happened. */
const groups = [
  ['publish', 'confirm', 'return_unroutable', 'drop_unroutable'],
  ['deliver', 'deliver_no_ack', 'get', 'get_no_ack', 'get_empty', 'ack', 'redeliver', 'deliver_get'],
  ['publish_in', 'publish_out'],
];

export function statsOf(shown: Counts): Stats {
  const stats: Stats = {};
  for (const group of groups) {
    const names = group.filter((name) => shown[name] !== undefined);
    if (names.every((name) => shown[name]?.total === 0)) continue;
    for (const name of names) Object.assign(stats, detailed(name, shown[name] as Counts[string]));
  }
  return stats;
}

/** Undefined where nothing ever happened: RabbitMQ leaves `message_stats` out then. */
export function statsIfAny(shown: Counts): Stats | undefined {
  const stats = statsOf(shown);
  return Object.keys(stats).length === 0 ? undefined : stats;
}

/** `name` and `name_details`. */
export function detailed(name: string, { total, rate }: Counts[string]): Stats {
  return { [name]: total, [`${name}_details`]: { rate } };
}

/** Many at once. */
export function allDetailed(shown: Counts): Stats {
  const stats: Stats = {};
  for (const [name, count] of Object.entries(shown)) Object.assign(stats, detailed(name, count));
  return stats;
}

export const zeros = (names: readonly string[]): Counts =>
  Object.fromEntries(names.map((name) => [name, { total: 0, rate: 0 }]));
