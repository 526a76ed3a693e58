import { nodeEnvironment } from '../drivers/engine/node-environment.js';
import { kill, launch, observe, resume, stop } from '../drivers/engine/node-process.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

/** Launches, side by side, each node that does not run; a paused one is resumed. */
export const launchNodes: Phase<LocalContext> = {
  title: 'Start the nodes',
  async run({ nodes, folders, engine, surroundings, launched }, door) {
    await Promise.all(
      nodes.map(async (node) => {
        const own = folders.node(node.name);
        const { state } = observe(own);
        if (state === 'running') return;
        if (state === 'paused') return door.change(`resume ${node.name}`, () => resume(own));
        const env = nodeEnvironment(node, folders, surroundings.env);
        await door.change(`start ${node.name}`, async () => {
          launched.set(node.name, await launch(surroundings.transport, engine, own, env));
        });
      }),
    );
  },
  async cleanUp({ folders, launched, fresh }, door) {
    await Promise.all(
      [...launched.keys()].map((name) => {
        const own = folders.node(name);
        // A new cluster has nothing that a clean stop would save.
        const end = fresh ? () => kill(name, own) : () => stop(name, own, { graceMs: 5_000 });
        return door.change(`stop ${name}`, end);
      }),
    );
  },
};
