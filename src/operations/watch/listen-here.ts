import { direct } from '../../drivers/certificate/read-certificate.js';
import { observe } from '../../drivers/engine/node-process.js';
import { ManagementApi } from '../../drivers/management-api/client.js';
import { findCluster, type LocalCluster } from '../find-cluster.js';
import type { Surroundings } from '../surroundings.js';
import { askAll, certificatesOf, type Endpoint } from './ask.js';
import type { Listen } from './source.js';

/** A cluster of this machine: its processes are seen as well, so a node that is paused is not called dead. */
export async function listenHere(name: string | undefined, surroundings: Surroundings): Promise<Listen> {
  const first = await findCluster(surroundings.state, name);
  const { name: cluster } = first.record;
  return async ({ clients }) => {
    const at = surroundings.now().getTime();
    // Nodes may have been added or removed since the last look.
    const found = await findCluster(surroundings.state, cluster);
    const endpoints = found.record.nodes.map((node) => endpointOf(found, node));
    try {
      const answered = await askAll(endpoints, clients);
      const certificates = await certificatesOf(answered.statistics, (_, port) => ({
        where: `127.0.0.1:${port}`,
        open: direct('127.0.0.1', port),
      }));
      return { at, place: { kind: 'local', cluster }, cluster, ...answered, certificates };
    } finally {
      for (const { api } of endpoints) api?.close();
    }
  };
}

function endpointOf(
  { folders }: LocalCluster,
  { name, managementPort }: LocalCluster['record']['nodes'][number],
): Endpoint {
  const { state } = observe(folders.node(name));
  if (state === 'stopped') return { node: name, silence: 'its process does not run' };
  const api = ManagementApi.ofPort(managementPort);
  return { node: name, api, silence: state === 'paused' ? 'paused' : undefined };
}
