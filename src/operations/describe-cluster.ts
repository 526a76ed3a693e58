import { observe } from '../drivers/engine/node-process.js';
import { accepts } from '../drivers/procfs/listener.js';
import type { LocalCluster } from './find-cluster.js';

/** What runs where, as seen on the processes and ports of this machine. */
export interface NodeDescription {
  readonly node: string;
  /** `no listener`: the process runs and takes no AMQP connection (starting, or its app is stopped). */
  readonly state: 'running' | 'paused' | 'stopped' | 'no listener';
  readonly amqp: number;
  readonly management: string;
  readonly pid: number | null;
}

export interface ClusterDescription {
  readonly cluster: string;
  readonly engine: string;
  readonly ha: string;
  readonly nodes: readonly NodeDescription[];
}

export async function describeCluster({ record, folders }: LocalCluster): Promise<ClusterDescription> {
  const nodes = await Promise.all(
    record.nodes.map(async (node): Promise<NodeDescription> => {
      const { state, pid } = observe(folders.node(node.name));
      const listens = state !== 'running' || (await accepts(node.amqpPort));
      return {
        node: node.name,
        state: listens ? state : 'no listener',
        amqp: node.amqpPort,
        management: `http://127.0.0.1:${node.managementPort}/`,
        pid: pid ?? null,
      };
    }),
  );
  return { cluster: record.name, engine: record.engine, ha: record.ha, nodes };
}
