import { type ClusterRecord, type NodeRecord, writeRecord } from '../drivers/local-state/record.js';
import { rabbitmqConf } from '../render/rabbitmq-conf.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';
import { writeNode } from './write-node-files.js';

/** Writes the files of a new node and makes it part of the record; undone, the record is as before. */
export function recordNode(before: ClusterRecord, alone: boolean): Phase<LocalContext> {
  return {
    title: "Write the node's configuration",
    async run(context, door) {
      const conf = await rabbitmqConf();
      for (const node of context.nodes) await writeNode(context, node, conf, door, alone);
      await door.change('write the record of the cluster', () =>
        writeRecord(context.surroundings.state, context.cluster),
      );
    },
    async cleanUp({ surroundings, nodes, folders }, door) {
      await door.change('write the record as it was', () => writeRecord(surroundings.state, before));
      for (const { name } of nodes) {
        const { root } = folders.node(name);
        await door.change(`remove ${root}`, () => surroundings.transport.remove(root));
      }
    },
  };
}

/** Takes a node out of the record and removes its files. */
export function forgetRecord(node: NodeRecord): Phase<LocalContext> {
  return {
    title: `Remove the files of ${node.name}`,
    async run({ surroundings, cluster, folders }, door) {
      const nodes = cluster.nodes.filter(({ name }) => name !== node.name);
      await door.change('write the record of the cluster', () =>
        writeRecord(surroundings.state, { ...cluster, nodes }),
      );
      const { root } = folders.node(node.name);
      await door.change(`remove ${root}`, () => surroundings.transport.remove(root));
    },
  };
}

/** Empties the data folder of a node that does not run. */
export function wipeData(node: NodeRecord): Phase<LocalContext> {
  return {
    title: `Remove the data of ${node.name}`,
    async run({ surroundings, folders }, door) {
      const { data } = folders.node(node.name);
      await door.change(`empty ${data}`, async () => {
        await surroundings.transport.remove(data);
        await surroundings.transport.makeFolder(data, 0o700);
      });
    },
  };
}
