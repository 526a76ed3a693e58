/** trace on, off and status: the whole cluster at once, node by node. */
import { pendingTraces } from '../../drivers/local-state/pending-traces.js';
import type { Surroundings } from '../surroundings.js';
import type { WatchTarget } from '../watch/source.js';
import { type TracedCluster, tracedCluster } from './cluster.js';
import { durationOf, finishDue, forget, turnOffLater } from './expiry.js';
import { checkVhost, type NodeTracing, type Switched, switchTracing, tracingOf } from './switch.js';

export interface TraceOptions extends WatchTarget {
  readonly vhost: string;
}

export interface TraceResult {
  readonly cluster: string;
  readonly vhost: string;
  readonly tracing: boolean;
  readonly nodes: readonly Switched[];
  /** When it is turned off again. */
  readonly until?: string | undefined;
}

/** `program`: how to start the process that turns it off. */
export async function traceOn(
  options: TraceOptions & { readonly for?: string | undefined; readonly program: readonly string[] },
  surroundings: Surroundings,
): Promise<TraceResult> {
  const forMs = options.for === undefined ? undefined : durationOf(options.for);
  return withCluster(options, surroundings, async (cluster) => {
    await checkVhost(cluster, options.vhost);
    await forget(surroundings, cluster, options.vhost);
    const until =
      forMs === undefined
        ? undefined
        : await turnOffLater(surroundings, cluster, options.vhost, forMs, options.program);
    const nodes = await switchTracing(cluster, options.vhost, true);
    return { cluster: cluster.name, vhost: options.vhost, tracing: true, nodes, until: until?.toISOString() };
  });
}

export async function traceOff(options: TraceOptions, surroundings: Surroundings): Promise<TraceResult> {
  return withCluster(options, surroundings, async (cluster) => {
    await checkVhost(cluster, options.vhost);
    const nodes = await switchTracing(cluster, options.vhost, false);
    await forget(surroundings, cluster, options.vhost);
    return { cluster: cluster.name, vhost: options.vhost, tracing: false, nodes };
  });
}

export interface TraceStatus {
  readonly cluster: string;
  readonly nodes: readonly NodeTracing[];
  /** What turns itself off. */
  readonly until: readonly { vhost: string; time: string }[];
}

export async function traceStatus(options: WatchTarget, surroundings: Surroundings): Promise<TraceStatus> {
  return withCluster(options, surroundings, async (cluster) => {
    const wanted: { cluster?: string; url?: string } = cluster.target;
    const until = (await pendingTraces(surroundings.state)).flatMap((each) =>
      each.until !== undefined && each.cluster === wanted.cluster && each.url === wanted.url
        ? { vhost: each.vhost, time: new Date(each.until).toISOString() }
        : [],
    );
    return { cluster: cluster.name, nodes: await tracingOf(cluster), until };
  });
}

/** Finishes first what others left to be turned off. */
export async function withCluster<T>(
  options: WatchTarget,
  surroundings: Surroundings,
  work: (cluster: TracedCluster) => Promise<T>,
): Promise<T> {
  await finishDue(surroundings, options);
  const cluster = await tracedCluster(options, surroundings);
  try {
    return await work(cluster);
  } finally {
    await cluster.close();
  }
}
