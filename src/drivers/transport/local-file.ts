import { randomBytes } from 'node:crypto';
import { link, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backupSuffix, type FileOptions, type Ownership } from './transport.js';

/** As `Transport.writeFile` says, for this machine. A link keeps pointing where it points. */
export async function writeLocalFile(
  path: string,
  text: string | Uint8Array,
  options: FileOptions,
  setOwner: (path: string, ownership: Ownership) => Promise<void>,
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.chmod(options.mode);
    } finally {
      await file.close();
    }
    await setOwner(temporary, options);
    await options.check?.(temporary);
    if (options.keep) await keepBeside(target, text);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function keepBeside(target: string, text: string | Uint8Array): Promise<void> {
  const before = await readFile(target).catch(() => undefined);
  if (!before || before.equals(Buffer.from(text as string))) return;
  const backup = target + backupSuffix;
  await rm(backup, { force: true });
  await link(target, backup);
}
