import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WarrenError } from '../errors/warren-error.js';
import type { RenderResult } from './render.js';

/** Writes rendered files into a folder: one sub-folder a host, with the paths that they have there. */
export async function writeRendered(folder: string, { files }: RenderResult): Promise<string[]> {
  try {
    return await Promise.all(
      files.map(async ({ host, path, text, mode }) => {
        const target = join(folder, host, path);
        await mkdir(dirname(target), { recursive: true });
        // Whoever could read it on its host by its group may be somebody else here.
        await writeFile(target, text, { mode: mode & 0o040 && !(mode & 0o004) ? 0o600 : mode });
        return target;
      }),
    );
  } catch (error) {
    throw WarrenError.of('CANNOT_WRITE', { path: folder }, { why: (error as Error).message, cause: error });
  }
}
