/** The cluster as a whole, gathered from its running nodes. */
import { keys } from '../core/metadata/rows.js';
import { fromAll, type Handlers } from './handler.js';

export const clusterHandlers: Handlers<'cluster' | 'node'> = {
  async cluster(_args, context) {
    const { tables, alarms } = context.admin;
    const up = new Set(context.peers.running());
    const nodes = [...tables.all('nodes')].map(({ name, type }) => ({ name, type, running: up.has(name) }));
    return {
      name: clusterName(tables.get('globalParameters', keys.globalParameter('cluster_name'))?.value, nodes),
      nodes: nodes.sort((a, b) => (a.name < b.name ? -1 : 1)),
      running: (await fromAll(context, 'node', {})).sort((a, b) => (a.node < b.node ? -1 : 1)),
      alarms: alarms.active(),
    };
  },
  node(_args, { node }) {
    const { listeners, partitions, maintenance } = node.facts();
    return { node: node.node, listeners, partitions: partitions[node.node] ?? [], maintenance };
  },
};

/** A cluster that nobody named is called by its first node, as RabbitMQ's. */
function clusterName(name: unknown, nodes: readonly { name: string }[]): string {
  return typeof name === 'string' ? name : nodes.map((node) => node.name).sort()[0]!;
}
