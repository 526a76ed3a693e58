import type { NodeRecord } from '../drivers/local-state/record.js';
import type { LocalContext, Surroundings } from '../phases/local-context.js';
import type { LocalCluster } from './find-cluster.js';

/** The context of an operation on a cluster that is there already: on all its nodes, or on some. */
export function localContext(
  cluster: LocalCluster,
  surroundings: Surroundings,
  nodes: readonly NodeRecord[] = cluster.record.nodes,
  timeoutSeconds = 120,
): LocalContext {
  const { record, folders } = cluster;
  return {
    surroundings,
    cluster: record,
    folders,
    engine: { name: record.engine, folder: record.engineFolder },
    nodes,
    fresh: false,
    timeoutMs: timeoutSeconds * 1_000,
    launched: new Map(),
  };
}
