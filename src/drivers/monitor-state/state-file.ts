import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WarrenError } from '../../errors/warren-error.js';

/**
 * A document that is there either as it was or as it is to be, whatever
 * happens in between: it is written aside, brought to the disk, and then
 * given its name. One writer at a time, which is for a lock to see to.
 */
export async function readState<T>(file: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, error);
  }
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw unusable(file, error);
  }
}

export async function writeState(file: string, state: unknown): Promise<void> {
  const aside = `${file}.new`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(aside, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(state)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    throw unusable(file, error);
  }
}

function unusable(file: string, error: unknown): WarrenError {
  const { message } = error as Error;
  return WarrenError.of('MONITOR_STATE_UNUSABLE', { file, reason: message }, { cause: error });
}
