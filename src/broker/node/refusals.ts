import { ClusterError, type ClusterErrorCode } from '../cluster/cluster-port.js';
import { ControlError, type ControlErrorCode } from '../control/node-control.js';

const codes: Record<ClusterErrorCode, ControlErrorCode> = {
  inconsistent_cluster: 'cannot_cluster',
  node_unreachable: 'node_unreachable',
  node_not_running: 'cannot_cluster',
  node_running: 'node_running',
  not_a_member: 'not_a_member',
  cannot_cluster_with_itself: 'cannot_cluster',
  members_missing: 'failed',
  no_running_node: 'cannot_cluster',
  lost: 'failed',
  stopped: 'failed',
};

/** What the cluster refuses, in the words that the tools know. The cluster's own code goes along. */
export async function refusedAsControlError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    throw new ControlError(codes[error.code], error.message, { reason: error.code });
  }
}
