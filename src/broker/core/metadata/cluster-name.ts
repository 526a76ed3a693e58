import { keys } from './rows.js';
import type { Tables } from './tables.js';

/** The name that set_cluster_name or rabbitmq.conf gave; a cluster that nobody named is called by its first node. */
export function clusterName(tables: Tables): string {
  const given = tables.get('globalParameters', keys.globalParameter('cluster_name'))?.value;
  if (typeof given === 'string') return given;
  return [...tables.rows.nodes.keys()].sort()[0] ?? '';
}
