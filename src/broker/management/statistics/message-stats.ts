/** `message_stats` objects: each count with its `*_details`, and their sums over nodes and objects. */

export type Stats = Record<string, unknown>;
interface Sample {
  timestamp: number;
  sample: number;
}

/** A count, its rate and, where they are asked for, samples of it, the newest first. */
export interface Count {
  total: number;
  rate: number;
  samples?: Sample[];
}

/** By RabbitMQ's name of each. */
export type Counts = Record<string, Count>;

export function addCounts(to: Counts, more: Counts): void {
  for (const [name, count] of Object.entries(more)) {
    const sum = to[name];
    if (sum === undefined) {
      to[name] = {
        ...count,
        ...(count.samples ? { samples: count.samples.map((each) => ({ ...each })) } : {}),
      };
      continue;
    }
    sum.total += count.total;
    sum.rate += count.rate;
    for (const [index, each] of (sum.samples ?? []).entries()) {
      each.sample += count.samples?.[index]?.sample ?? 0;
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
    for (const name of names) Object.assign(stats, detailed(name, shown[name] as Count));
  }
  return stats;
}

/** Undefined where nothing ever happened: RabbitMQ leaves `message_stats` out then. */
export function statsIfAny(shown: Counts): Stats | undefined {
  const stats = statsOf(shown);
  return Object.keys(stats).length === 0 ? undefined : stats;
}

/** `name` and `name_details`. */
function detailed(name: string, { total, rate, samples }: Count): Stats {
  if (samples === undefined) return { [name]: total, [`${name}_details`]: { rate } };
  return {
    [name]: samples[0]?.sample ?? total,
    [`${name}_details`]: { rate, samples, ...averages(samples) },
  };
}

/** Of the samples' values, and of their growth per second; one sample has neither. */
function averages(samples: Sample[]): { avg_rate?: number; avg?: number } {
  const [newest, oldest] = [samples[0], samples.at(-1)];
  if (newest === undefined || oldest === undefined || samples.length < 2) return {};
  const seconds = (newest.timestamp - oldest.timestamp) / 1000;
  const sum = samples.reduce((total, { sample }) => total + sample, 0);
  return { avg_rate: (newest.sample - oldest.sample) / seconds, avg: sum / samples.length };
}

/** Many at once. */
export function allDetailed(shown: Counts): Stats {
  const stats: Stats = {};
  for (const [name, count] of Object.entries(shown)) Object.assign(stats, detailed(name, count));
  return stats;
}

/** Counts that are always 0 here, with samples where another has them. */
export function noneLike(names: readonly string[], other?: Count): Counts {
  const samples = other?.samples?.map(({ timestamp }) => ({ timestamp, sample: 0 }));
  const none: Count = samples === undefined ? { total: 0, rate: 0 } : { total: 0, rate: 0, samples };
  return Object.fromEntries(names.map((name) => [name, none]));
}
