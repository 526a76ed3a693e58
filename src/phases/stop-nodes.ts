import { observe, stop } from '../drivers/engine/node-process.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

/** How long a node may take to stop cleanly before its processes are killed. */
const graceMs = 20_000;

/** Stops the nodes side by side, and notes in `stopped` those that ran. */
export function stopNodes(stopped: string[]): Phase<LocalContext> {
  return {
    title: 'Stop the nodes',
    async run({ nodes, folders }, door) {
      await Promise.all(
        nodes.map(async ({ name }) => {
          const own = folders.node(name);
          const ran = observe(own).state !== 'stopped';
          await door.change(`stop ${name}`, () => stop(name, own, { graceMs }));
          if (ran) stopped.push(name);
        }),
      );
      stopped.sort();
    },
  };
}
