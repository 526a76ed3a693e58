/** trace_on and trace_off of a vhost, on every node: each has a switch of its own, which a restart loses. */
import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { anyNode, type TracedCluster, type TracedNode } from './cluster.js';

export interface Switched {
  readonly node: string;
  /** Null where it could not be told or asked. */
  readonly tracing: boolean | null;
  /** Is it another than it was? */
  readonly changed: boolean;
  readonly problem?: string | undefined;
}

interface VhostItem {
  name: string;
  description?: string;
  tags?: string[];
  default_queue_type?: string;
  tracing: boolean;
}

/** Throws VHOST_NOT_FOUND: rabbitmqctl's trace_on would say that all is well. */
export async function checkVhost(cluster: TracedCluster, vhost: string): Promise<void> {
  const { api } = anyNode(cluster);
  const all = await api.get<{ name: string }[]>('/vhosts?columns=name');
  if (all.some(({ name }) => name === vhost)) return;
  throw WarrenError.of('VHOST_NOT_FOUND', { vhost, known: all.map(({ name }) => name) });
}

export async function switchTracing(
  cluster: TracedCluster,
  vhost: string,
  on: boolean,
  nodes: readonly TracedNode[] = cluster.nodes,
): Promise<Switched[]> {
  const switched = await Promise.all(nodes.map((node) => switchNode(node, vhost, on)));
  if (switched.some(({ problem }) => problem === undefined)) return switched;
  const why = switched.map(({ node, problem }) => `${node}: ${problem}`);
  throw WarrenError.of('NO_NODE_ANSWERS', { cluster: cluster.name, why });
}

/** Says again what the vhost has besides, since newer versions take what is left out as empty; then looks. */
async function switchNode({ node, api, silence }: TracedNode, vhost: string, on: boolean): Promise<Switched> {
  if (api === undefined) return { node, tracing: null, changed: false, problem: silence ?? 'no way to it' };
  const path = `/vhosts/${segment(vhost)}`;
  try {
    const before = await api.get<VhostItem>(path, 10_000);
    if (before.tracing !== on) {
      const { description, tags, default_queue_type: type } = before;
      const kept = {
        ...(description ? { description } : {}),
        ...(tags?.length ? { tags: tags.join(',') } : {}),
      };
      const queueType = type && type !== 'undefined' ? { default_queue_type: type } : {};
      await api.put(path, { ...kept, ...queueType, tracing: on });
    }
    const { tracing } = await api.get<VhostItem>(path, 10_000);
    const problem = tracing === on ? {} : { problem: `it is still ${tracing ? 'on' : 'off'}` };
    return { node, tracing, changed: before.tracing !== tracing, ...problem };
  } catch (error) {
    return { node, tracing: null, changed: false, problem: (error as Error).message };
  }
}

export interface NodeTracing {
  readonly node: string;
  /** Vhost → is it traced? Null where the node does not answer. */
  readonly vhosts: Readonly<Record<string, boolean>> | null;
  readonly problem?: string | undefined;
}

export function tracingOf(cluster: TracedCluster): Promise<NodeTracing[]> {
  return Promise.all(
    cluster.nodes.map(async ({ node, api, silence }) => {
      if (api === undefined) return { node, vhosts: null, problem: silence };
      try {
        const all = await api.get<VhostItem[]>('/vhosts?columns=name,tracing', 10_000);
        return { node, vhosts: Object.fromEntries(all.map(({ name, tracing }) => [name, tracing === true])) };
      } catch (error) {
        return { node, vhosts: null, problem: (error as Error).message };
      }
    }),
  );
}
