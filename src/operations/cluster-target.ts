import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterFile, remoteNode } from '../cluster-file/cluster-file.js';
import { readClusterFile } from '../cluster-file/read.js';
import { allClusters, findCluster, type LocalCluster, runningNodes } from './find-cluster.js';

/** The cluster that a command is about: one of this machine, or one on hosts. */
export type ClusterTarget =
  | { readonly kind: 'local'; readonly cluster: LocalCluster }
  | { readonly kind: 'hosts'; readonly file: ClusterFile };

/**
 * What `--cluster NAME|FILE` means. A word that ends in .yaml, or has a slash,
 * is a file; without a word, it is the cluster of this machine that runs, or
 * else the warren.yaml of this folder.
 */
export async function clusterTarget(
  given: string | undefined,
  { state, folder }: { readonly state: string; readonly folder: string },
): Promise<ClusterTarget> {
  if (given !== undefined && isFile(given)) return targetOf(given, state);
  if (given === undefined && !(await anyRuns(state))) {
    const here = join(folder, 'warren.yaml');
    if (existsSync(here)) return targetOf(here, state);
  }
  return { kind: 'local', cluster: await findCluster(state, given) };
}

function isFile(word: string): boolean {
  return /\.ya?ml$/.test(word) || word.includes('/');
}

/** A file without addresses is about the cluster of this machine that has its name. */
async function targetOf(path: string, state: string): Promise<ClusterTarget> {
  const file = await readClusterFile(path);
  if (remoteNode(file)) return { kind: 'hosts', file };
  return { kind: 'local', cluster: await findCluster(state, file.name) };
}

async function anyRuns(state: string): Promise<boolean> {
  return (await allClusters(state)).some((cluster) => runningNodes(cluster).length > 0);
}
