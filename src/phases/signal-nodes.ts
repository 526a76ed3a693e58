import { kill, pause, resume } from '../drivers/engine/node-process.js';
import type { NodeFolders } from '../drivers/local-state/folders.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

export const killNodes = each('Kill', 'kill -9', (name, folders) => kill(name, folders));
export const pauseNodes = each('Pause', 'kill -STOP', async (_, folders) => pause(folders));
export const resumeNodes = each('Resume', 'kill -CONT', async (_, folders) => resume(folders));

function each(
  title: string,
  verb: string,
  act: (name: string, folders: NodeFolders) => Promise<void>,
): Phase<LocalContext> {
  return {
    title,
    async run({ nodes, folders }, door) {
      await Promise.all(
        nodes.map(({ name }) => door.change(`${verb} ${name}`, () => act(name, folders.node(name)))),
      );
    },
  };
}
