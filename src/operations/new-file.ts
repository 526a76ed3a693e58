import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WarrenError } from '../errors/warren-error.js';

/** Writes a file that is not there yet; one that is there is never written over. */
export async function writeNewFile(
  { file, text, mode }: { readonly file: string; readonly text: string; readonly mode: number },
  command: string,
): Promise<void> {
  try {
    // A secret's folder is as private as the secret.
    await mkdir(dirname(file), { recursive: true, mode: mode & 0o077 ? 0o755 : 0o700 });
    await writeFile(file, text, { mode, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw WarrenError.of('FILE_EXISTS', { file, command });
    throw WarrenError.of('CANNOT_WRITE', { path: file }, { why: (error as Error).message, cause: error });
  }
}
