import { setTimeout as pause } from 'node:timers/promises';
import { bytes, percent, rate, span } from '../watch/figures.js';
import { type Level, type NodeState, type QueueState, queueTitle, type Snapshot } from '../watch/snapshot.js';
import type { Surroundings } from './surroundings.js';
import { openSource, type WatchTarget } from './watch/source.js';

export const topOrders = ['ready', 'unacked', 'in', 'out', 'growth', 'queue'] as const;
export type TopOrder = (typeof topOrders)[number];

/** How many looks a curve remembers. */
const remembered = 60;

type Past = readonly (number | undefined)[];

/** The looks so far, as far as curves need them. */
export class Curves {
  #traffic: {
    published: number | undefined;
    delivered: number | undefined;
    acknowledged: number | undefined;
  }[] = [];
  #depths = new Map<string, (number | undefined)[]>();

  add({ traffic, queues = [] }: Snapshot): void {
    const { published, delivered, acknowledged } = traffic ?? {};
    this.#traffic = [...this.#traffic, { published, delivered, acknowledged }].slice(-remembered);
    // A queue that is gone takes its curve along.
    const titled = queues.map((queue) => [queueTitle(queue), queue.messages] as const);
    this.#depths = new Map(
      titled.map(([title, messages]) => [title, [...(this.#depths.get(title) ?? []), messages].slice(-12)]),
    );
  }

  traffic(of: 'published' | 'delivered' | 'acknowledged'): Past {
    return this.#traffic.map((one) => one[of]);
  }

  depth(title: string): Past {
    return this.#depths.get(title) ?? [];
  }
}

/** A look, in the words of a screen. */
export function topFrame(snapshot: Snapshot, curves: Curves, order: TopOrder) {
  const { cluster, at, blind, nodes, queues = [], traffic } = snapshot;
  const { connections = 0, channels = 0, consumers = 0 } = traffic ?? {};
  const flow = (what: string, of: 'published' | 'delivered' | 'acknowledged') => {
    return { what, now: told(traffic?.[of]), past: curves.traffic(of) };
  };
  return {
    cluster,
    at,
    blind,
    totals: `${queues.length} ${queues.length === 1 ? 'queue' : 'queues'}, ${connections} connections, ${channels} channels, ${consumers} consumers`,
    nodes: nodes.map(nodeRow),
    traffic: [
      flow('published', 'published'),
      flow('delivered', 'delivered'),
      flow('acknowledged', 'acknowledged'),
    ],
    queues: [...queues].sort(by(order)).map((queue) => ({
      title: queueTitle(queue),
      node: queue.node ?? '-',
      ready: queue.ready,
      unacknowledged: queue.unacknowledged,
      consumers: queue.consumers,
      incoming: told(queue.rates.published),
      outgoing: told(queue.rates.delivered),
      growth: told(queue.rates.growth),
      past: curves.depth(queueTitle(queue)),
    })),
  };
}

export type TopResult = ReturnType<typeof topFrame>;

function nodeRow({
  name,
  up,
  reason,
  memory,
  disk,
  fileDescriptors,
  uptimeMs,
  memoryAlarm,
  diskAlarm,
}: NodeState) {
  const share = (level: Level | undefined) =>
    level && level.limit > 0 ? percent((level.value * 100) / level.limit) : '-';
  const alarms = [...(memoryAlarm ? ['memory'] : []), ...(diskAlarm ? ['disk'] : [])];
  return {
    name,
    up,
    reason,
    memory: memory ? `${bytes(memory.value)} (${share(memory)})` : '-',
    disk: disk ? bytes(disk.value) : '-',
    fds: fileDescriptors ? `${fileDescriptors.value} (${share(fileDescriptors)})` : '-',
    uptime: uptimeMs === undefined ? '-' : span(uptimeMs),
    alarms: alarms.join(' ') || 'none',
  };
}

function told(perSecond: number | undefined): string {
  return perSecond === undefined ? '-' : rate(perSecond);
}

function by(order: TopOrder): (left: QueueState, right: QueueState) => number {
  const read: Record<Exclude<TopOrder, 'queue'>, (queue: QueueState) => number | undefined> = {
    ready: ({ ready }) => ready,
    unacked: ({ unacknowledged }) => unacknowledged,
    in: ({ rates }) => rates.published,
    out: ({ rates }) => rates.delivered,
    growth: ({ rates }) => rates.growth,
  };
  const names = (left: QueueState, right: QueueState) => queueTitle(left).localeCompare(queueTitle(right));
  if (order === 'queue') return names;
  const value = read[order];
  return (left, right) => (value(right) ?? -1e15) - (value(left) ?? -1e15) || names(left, right);
}

export interface TopOptions extends WatchTarget {
  readonly seconds: number;
  /** Shows each look; whoever watches may end it by the signal. */
  readonly show: (snapshot: Snapshot, curves: Curves) => void;
  readonly signal: AbortSignal;
}

/** Looks again and again until the signal says stop. */
export async function watchTop(
  { seconds, show, signal, ...target }: TopOptions,
  surroundings: Surroundings,
): Promise<void> {
  const source = await openSource(target, surroundings);
  const curves = new Curves();
  while (!signal.aborted) {
    const snapshot = await source.look();
    curves.add(snapshot);
    if (!signal.aborted) show(snapshot, curves);
    await pause(seconds * 1000, undefined, { signal }).catch(() => {});
  }
}

/** One look, as a frame. */
export async function topOnce(
  { order, ...target }: WatchTarget & { readonly order: TopOrder },
  surroundings: Surroundings,
): Promise<TopResult> {
  const source = await openSource(target, surroundings);
  const curves = new Curves();
  const snapshot = await source.look();
  curves.add(snapshot);
  return topFrame(snapshot, curves, order);
}
