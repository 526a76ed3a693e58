/** The version of what is on disk, and whether the last run ended in order. */
import { join } from 'node:path';
import { type FileSystem, readFully, writeFully } from './file-system.js';

const FORMAT = 1;

/** Throws when the directory was written by a later version; writes this one's into an empty directory. */
export async function checkFormat(files: FileSystem, directory: string): Promise<void> {
  const found = await readSmallFile(files, join(directory, 'format'));
  if (found === null) {
    await writeSmallFile(files, directory, 'format', `${FORMAT}\n`);
    return;
  }
  const version = Number(found);
  if (version === FORMAT) return;
  throw new Error(
    `The data in ${directory} has format ${found.trim()}, and this version of Warren reads format ${FORMAT}: ` +
      'it was written by a later version. Start that version, or move the directory away to begin with an empty node.',
  );
}

/** True when the last run left the mark; the mark is gone then. */
export async function takeCleanMark(files: FileSystem, directory: string): Promise<boolean> {
  if (!(await files.list(directory)).includes('clean')) return false;
  await files.remove(join(directory, 'clean'));
  await files.syncDirectory(directory);
  return true;
}

export function leaveCleanMark(files: FileSystem, directory: string): Promise<void> {
  return writeSmallFile(files, directory, 'clean', 'clean\n');
}

async function readSmallFile(files: FileSystem, path: string): Promise<string | null> {
  let file: Awaited<ReturnType<FileSystem['open']>>;
  try {
    file = await files.open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const bytes = Buffer.alloc(await file.size());
  await readFully(file, bytes, 0);
  await file.close();
  return bytes.toString();
}

async function writeSmallFile(
  files: FileSystem,
  directory: string,
  name: string,
  text: string,
): Promise<void> {
  const temporary = join(directory, `${name}.new`);
  const file = await files.create(temporary);
  await writeFully(file, [Buffer.from(text)], 0);
  await file.sync();
  await file.close();
  await files.rename(temporary, join(directory, name));
  await files.syncDirectory(directory);
}
