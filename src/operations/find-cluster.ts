import { observe } from '../drivers/engine/node-process.js';
import { type ClusterFolders, clusterFolders } from '../drivers/local-state/folders.js';
import {
  type ClusterRecord,
  clusterNames,
  type NodeRecord,
  readRecord,
} from '../drivers/local-state/record.js';
import { WarrenError } from '../errors/warren-error.js';

/** A cluster of this machine: its shape, and where its files are. */
export interface LocalCluster {
  readonly record: ClusterRecord;
  readonly folders: ClusterFolders;
}

/** The named cluster; without a name, the one that runs, or else the only one there is. */
export async function findCluster(state: string, name: string | undefined): Promise<LocalCluster> {
  if (name !== undefined) {
    const record = await readRecord(state, name);
    if (record) return { record, folders: clusterFolders(state, name) };
    throw WarrenError.of('CLUSTER_NOT_FOUND', { cluster: name, known: await clusterNames(state) });
  }
  const all = await allClusters(state);
  const running = all.filter(isUp);
  const choice = running.length > 0 ? running : all;
  if (choice.length === 1) return choice[0]!;
  const known = choice.map((cluster) => cluster.record.name);
  if (choice.length === 0) throw WarrenError.of('CLUSTER_NOT_FOUND', { known });
  throw WarrenError.of('CLUSTER_AMBIGUOUS', { known });
}

export async function allClusters(state: string): Promise<LocalCluster[]> {
  const clusters: LocalCluster[] = [];
  for (const name of await clusterNames(state)) {
    const record = await readRecord(state, name);
    if (record) clusters.push({ record, folders: clusterFolders(state, name) });
  }
  return clusters;
}

/** A node of the cluster by its whole name, its name before the @, or its number. */
export function findNode(cluster: LocalCluster, wanted: string): NodeRecord {
  const { name, nodes } = cluster.record;
  const found = nodes.find((node) => {
    const short = node.name.replace(/@.*$/, '');
    return node.name === wanted || short === wanted || short === `${name}-${wanted}`;
  });
  if (found) return found;
  throw WarrenError.of('NODE_NOT_FOUND', { node: wanted, cluster: name, known: nodes.map((n) => n.name) });
}

export function runningNodes(cluster: LocalCluster): NodeRecord[] {
  return cluster.record.nodes.filter((node) => observe(cluster.folders.node(node.name)).state === 'running');
}

export function isUp(cluster: LocalCluster): boolean {
  return cluster.record.nodes.some((node) => observe(cluster.folders.node(node.name)).state !== 'stopped');
}
