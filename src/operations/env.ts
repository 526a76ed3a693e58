import { nodeVariables } from '../drivers/engine/node-environment.js';
import { findCluster, findNode, runningNodes } from './find-cluster.js';
import type { Surroundings } from './surroundings.js';

export interface EnvResult {
  readonly cluster: string;
  readonly node: string;
  /** The folder to put in front of PATH. */
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The variables with which the engine's own tools address a node, with its cookie. */
export async function env(
  options: { readonly cluster?: string | undefined; readonly node?: string | undefined },
  surroundings: Surroundings,
): Promise<EnvResult> {
  const cluster = await findCluster(surroundings.state, options.cluster);
  const node = options.node
    ? findNode(cluster, options.node)
    : (runningNodes(cluster)[0] ?? cluster.record.nodes[0]!);
  const variables = nodeVariables(node, cluster.folders);
  return { cluster: cluster.record.name, node: node.name, path: cluster.folders.bin, variables };
}
