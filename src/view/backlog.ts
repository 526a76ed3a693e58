import { table } from './table.js';

interface Rows {
  readonly cluster: string;
  readonly queues: readonly {
    readonly vhost: string;
    readonly queue: string;
    readonly ready?: number | undefined;
    readonly unacknowledged?: number | undefined;
    readonly consumers?: number | undefined;
    readonly rates: string;
    readonly outlook: string;
    readonly why: string;
  }[];
  readonly cluster_wide: readonly string[];
}

/** Each queue with its figures, and beneath them why it is so. */
export function backlogText({ cluster, queues, cluster_wide }: Rows): string {
  const wide = cluster_wide.map((line) => `!! ${line}`);
  if (queues.length === 0) return [...wide, `No queue of cluster ${cluster} holds a message.`].join('\n');
  const rows = queues.map(({ vhost, queue, ready, unacknowledged, consumers, rates, outlook, why }) => [
    vhost,
    queue,
    ready ?? null,
    unacknowledged ?? null,
    consumers ?? null,
    rates,
    outlook,
    why,
  ]);
  return [
    ...wide,
    table(['VHOST', 'QUEUE', 'READY', 'UNACKED', 'CONSUMERS', 'RATES', 'OUTLOOK', 'WHY'], rows),
  ].join('\n');
}
