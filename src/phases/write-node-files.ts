import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { engineTools, hasTool, wrapperMark } from '../drivers/engine/find.js';
import { observe } from '../drivers/engine/node-process.js';
import { writeRecord } from '../drivers/local-state/record.js';
import { enabledPlugins, rabbitmqConf } from '../render/rabbitmq-conf.js';
import type { LocalContext } from './local-context.js';
import type { Door, Phase } from './phase.js';

/**
 * The files of a cluster and of its nodes: the cookie that they share, the
 * configuration in which each is told of all, the tools that `warren env`
 * offers, the record of the shape. What a running node has read is left alone.
 */
export const writeNodeFiles: Phase<LocalContext> = {
  title: "Write the nodes' configuration",
  async run(context, door) {
    const { folders, cluster, surroundings, nodes } = context;
    const { transport } = surroundings;
    await door.change(`make the folder ${folders.root}`, async () => {
      await transport.makeFolder(folders.home, 0o700);
      await transport.makeFolder(folders.bin, 0o700);
    });
    if ((await transport.readFile(folders.cookie)) === undefined) {
      await door.change('write a new Erlang cookie', () =>
        transport.writeFile(folders.cookie, randomBytes(24).toString('hex').toUpperCase(), { mode: 0o400 }),
      );
    }
    await door.change("write the engine's tools", () => writeTools(context));
    const idle = nodes.filter((node) => observe(folders.node(node.name)).state === 'stopped');
    const conf = await rabbitmqConf();
    await Promise.all(idle.map((node) => writeNode(context, node, conf, door)));
    await door.change('write the record of the cluster', () => writeRecord(surroundings.state, cluster));
  },
  async cleanUp({ fresh, folders, surroundings }, door) {
    if (fresh) await door.change(`remove ${folders.root}`, () => surroundings.transport.remove(folders.root));
  },
};

/** `alone`: the node is told of no other, so it starts by itself and waits to be joined. */
export async function writeNode(
  context: LocalContext,
  node: LocalContext['nodes'][number],
  conf: Awaited<ReturnType<typeof rabbitmqConf>>,
  door: Door,
  alone = false,
): Promise<void> {
  const { transport } = context.surroundings;
  const own = context.folders.node(node.name);
  const text = await conf({
    cluster: context.cluster.name,
    node,
    peers: alone ? [] : context.cluster.nodes.map((peer) => peer.name),
    config: node.settings?.config,
  });
  await door.change(`write ${own.configuration}`, async () => {
    await transport.makeFolder(own.data, 0o700);
    await transport.makeFolder(own.log, 0o700);
    await transport.writeFile(own.configuration, text, { mode: 0o600 });
    await transport.writeFile(own.enabledPlugins, enabledPlugins(context.cluster.plugins), { mode: 0o600 });
  });
}

/** Each tool with the cluster's HOME, so that it finds the cookie whoever types it, wherever. */
async function writeTools({ engine, folders, surroundings }: LocalContext): Promise<void> {
  const tools = engineTools.filter((tool) => hasTool(engine.folder, tool));
  await Promise.all(
    tools.map((tool) =>
      surroundings.transport.writeFile(
        join(folders.bin, tool),
        `#!/bin/sh\n${wrapperMark}\nHOME=${quoted(folders.home)} exec ${quoted(join(engine.folder, tool))} "$@"\n`,
        { mode: 0o700 },
      ),
    ),
  );
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
