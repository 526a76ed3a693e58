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

/** What a node's partitions come to, and what ends them: restarted, it takes over what the others have. */
export function partitionOf(
  name: string,
  { nodeName, partitions }: Pick<NodeView, 'nodeName' | 'partitions'>,
): { readonly problem: string; readonly next: string } | undefined {
  if (partitions.length === 0) return undefined;
  return {
    problem: `${nodeName} is partitioned from ${partitions.join(', ')}`,
    next: `warren node restart ${name}, if it is the others that are to be trusted`,
  };
}

export const noView: ClusterView = { nodes: new Map(), silent: new Map() };
