import { fileURLToPath } from 'node:url';
import type { Control } from './control.js';
import type { Reaching } from './reach.js';

const place = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** What came of each step, or `{error}` with its report. */
export async function reachFrom(control: Control, reaching: Reaching): Promise<unknown[]> {
  const args = ['--import', place('typescript.js'), place('reach.ts')];
  const { stdout, stderr } = await control.run(process.execPath, args, { input: JSON.stringify(reaching) });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}
