import { basename, relative } from 'node:path';

/**
 * How to call this program again: `warren` when it was called by that name, else the way it was called, such as
 * `node bin/run.js` in a clone, so that what we tell people to type works where they are.
 */
export function programName(script = process.argv[1] ?? 'warren', folder = process.cwd()): string {
  if (basename(script) === 'warren') return 'warren';
  const path = relative(folder, script);
  return `node ${path.startsWith('..') ? script : path}`;
}
