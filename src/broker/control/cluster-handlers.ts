/** The cluster as a whole, gathered from its running nodes. */
import { clusterName } from '../core/metadata/cluster-name.js';
import { fromAll, type Handlers } from './handler.js';

/** How long the others wait for a node that hangs (RabbitMQ: until it counts as down, a minute or more). */
const patience = 5000;

export const clusterHandlers: Handlers<'cluster' | 'node'> = {
  async cluster(_args, context) {
    const { tables, alarms } = context.admin;
    const up = new Set(context.peers.running());
    const nodes = [...tables.all('nodes')].map(({ name, type }) => ({ name, type, running: up.has(name) }));
    return {
      name: clusterName(tables),
      nodes: nodes.sort((a, b) => (a.name < b.name ? -1 : 1)),
      answered: (await fromAll(context, 'node', {}, patience)).sort((a, b) => (a.node < b.node ? -1 : 1)),
      alarms: alarms.active(),
    };
  },
  node(_args, { node }) {
    const { listeners, partitions, maintenance } = node.facts();
    return { node: node.node, listeners, partitions: partitions[node.node] ?? [], maintenance };
  },
};
