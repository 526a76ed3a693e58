import { lockFile } from '../drivers/local-state/folders.js';
import { withLock } from '../drivers/local-state/lock.js';
import type { NodeRecord } from '../drivers/local-state/record.js';
import { WarrenError } from '../errors/warren-error.js';
import type { LocalContext, Surroundings } from '../phases/local-context.js';
import type { Phase, PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { describeCluster, type NodeDescription } from './describe-cluster.js';
import { findCluster, findNode, type LocalCluster, runningNodes } from './find-cluster.js';
import { localContext } from './local-context.js';

export interface NodeOptions {
  readonly cluster?: string | undefined;
  readonly node: string;
  readonly timeoutSeconds: number;
  readonly command: string;
  readonly watch: PhaseWatcher;
}

export interface NodeResult extends NodeDescription {
  readonly cluster: string;
}

type PhaseList = (
  node: NodeRecord,
  cluster: LocalCluster,
) => readonly Phase<LocalContext>[] | Promise<readonly Phase<LocalContext>[]>;

/** Runs the phases that `list` makes for one node, alone on its cluster, and says how the node is then. */
export async function onNode(
  options: NodeOptions,
  surroundings: Surroundings,
  list: PhaseList,
): Promise<NodeResult> {
  const { name } = (await findCluster(surroundings.state, options.cluster)).record;
  return alone(name, options.command, surroundings, async () => {
    const cluster = await findCluster(surroundings.state, name);
    const node = findNode(cluster, options.node);
    const context = localContext(cluster, surroundings, [node], options.timeoutSeconds);
    const phases = await list(node, cluster);
    await runPhases(phases, context, { signal: surroundings.signal, watch: options.watch });
    const { nodes } = await describeCluster(cluster);
    return { cluster: name, ...nodes.find((one) => one.node === node.name)! };
  });
}

export function alone<T>(
  cluster: string,
  command: string,
  surroundings: Surroundings,
  work: () => Promise<T>,
): Promise<T> {
  const file = lockFile(surroundings.state, cluster);
  return withLock({ file, cluster, command, now: surroundings.now }, work);
}

/** A running node other than this one, to speak for the cluster. */
export function otherRunning(cluster: LocalCluster, node: NodeRecord): NodeRecord {
  const other = runningNodes(cluster).find(({ name }) => name !== node.name);
  if (other) return other;
  const only = cluster.record.nodes.length === 1;
  throw only
    ? WarrenError.of('LAST_NODE', { node: node.name, cluster: cluster.record.name })
    : WarrenError.of(
        'CLUSTER_NOT_RUNNING',
        { cluster: cluster.record.name },
        { where: `besides ${node.name}` },
      );
}
