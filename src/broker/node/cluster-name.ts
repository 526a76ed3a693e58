import { keys } from '../core/metadata/rows.js';
import type { Tables } from '../core/metadata/tables.js';

/** The name of the cluster: a global parameter that every node has. */
export function clusterName(tables: Tables): string {
  return String(tables.get('globalParameters', keys.globalParameter('cluster_name'))?.value ?? '');
}
