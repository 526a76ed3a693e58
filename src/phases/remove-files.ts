import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

/** Removes the cluster's folder: data, logs, configuration, cookie and record. */
export const removeFiles: Phase<LocalContext> = {
  title: 'Remove the files',
  async run({ folders, surroundings }, door) {
    await door.change(`remove ${folders.root}`, () => surroundings.transport.remove(folders.root));
  },
};
