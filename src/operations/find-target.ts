import { access } from 'node:fs/promises';
import { type ClusterFile, remoteNode } from '../cluster-file/cluster-file.js';
import { readClusterFile } from '../cluster-file/read.js';
import { readRecord } from '../drivers/local-state/record.js';
import { allClusters, isUp } from './find-cluster.js';

/** What `--cluster` means: a cluster of this machine by its name, or the hosts of a cluster file. */
export type Target =
  | { readonly kind: 'local'; readonly cluster: string | undefined }
  | { readonly kind: 'hosts'; readonly file: ClusterFile };

const usual = 'warren.yaml';

/**
 * A name that a local cluster has is that one; else a file by that name is read.
 * With nothing given, it is the local cluster that runs, or else `./warren.yaml`
 * where that names hosts.
 */
export async function findTarget(state: string, given: string | undefined): Promise<Target> {
  if (given === undefined) {
    const local: Target = { kind: 'local', cluster: undefined };
    if ((await allClusters(state)).some(isUp) || !(await exists(usual))) return local;
    const file = await readClusterFile(usual);
    return remoteNode(file) ? { kind: 'hosts', file } : local;
  }
  if (/^[\w-]+$/.test(given) && (await readRecord(state, given))) return { kind: 'local', cluster: given };
  if (!/[/.]/.test(given) && !(await exists(given))) return { kind: 'local', cluster: given };
  const file = await readClusterFile(given);
  return remoteNode(file) ? { kind: 'hosts', file } : { kind: 'local', cluster: file.name };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
