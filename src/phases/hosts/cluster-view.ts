import type { Found } from '../objects/definitions.js';
import type { Login } from './context.js';

/** The cluster as its running nodes see it, each by itself. */
export interface ClusterView {
  /** What each running node says, by host name. */
  readonly nodes: ReadonlyMap<string, NodeView>;
  /** Nodes that run and do not answer, by host name, with what was said instead. */
  readonly silent: ReadonlyMap<string, string>;
  /** What the cluster holds, by its first member. */
  readonly found?: Found | undefined;
  /** That the management API takes. */
  readonly login?: Login | undefined;
}

export interface NodeView {
  readonly nodeName: string;
  readonly clusterName: string;
  readonly version: string;
  readonly members: readonly string[];
  readonly running: readonly string[];
  readonly partitions: readonly string[];
  readonly alarms: readonly string[];
  readonly disabledFlags: readonly string[];
  /** In maintenance: no client is let in. */
  readonly drained: boolean;
  /** What a node holds that is in no cluster. */
  readonly found?: Found | undefined;
  /** How it was asked: the API needs a login that it takes, the tools need root only. */
  readonly by: 'api' | 'rabbitmqctl';
}

/**
 * Whom a node is partitioned from, and what ends it: restarted, it takes over what the
 * others have. A node counts its partitions with its statistics, seconds late: a member
 * that runs by its own word and not by this node's is behind one as well.
 */
export function partitionOf({ nodes }: ClusterView, name: string): Partition | undefined {
  const view = nodes.get(name);
  if (!view) return undefined;
  const { nodeName, partitions, members, running } = view;
  const unseen = [...nodes.values()].filter(
    (other) =>
      members.includes(other.nodeName) &&
      other.members.includes(nodeName) &&
      !running.includes(other.nodeName),
  );
  const from = [...new Set([...partitions, ...unseen.map((other) => other.nodeName)])];
  if (from.length === 0) return undefined;
  return {
    from,
    problem: `${nodeName} is partitioned from ${from.join(', ')}`,
    next: `warren node restart ${name}, if it is the others that are to be trusted`,
  };
}

interface Partition {
  readonly from: readonly string[];
  readonly problem: string;
  readonly next: string;
}

export const noView: ClusterView = { nodes: new Map(), silent: new Map() };
