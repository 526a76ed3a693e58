import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Host } from '../../cluster-file/hosts.js';
import { WarrenError } from '../../errors/warren-error.js';
import { repositoryFiles } from '../../render/repositories.js';
import type { Door } from '../phase.js';
import { factsOf, type HostsContext } from './context.js';
import { placeFile } from './place-file.js';

/** Tells a broker's host of the cluster file's repositories, and of the versions to stay with. */
export async function placeRepositories(context: HostsContext, host: Host, door: Door): Promise<void> {
  const { source } = context.file.rabbitmq;
  const kind = kindOf(context, host);
  const rows = source === 'system' ? [] : source[kind];
  if (source !== 'system' && rows.length === 0) {
    throw WarrenError.of('NO_REPOSITORY', { host: host.name, kind, file: context.file.file });
  }
  const keys = new Map<string, string>();
  for (const { key } of rows) if (key !== undefined) keys.set(key, await keyText(key));
  for (const file of repositoryFiles(context.file, kind, keys)) {
    await placeFile(context, host, door, file, { folder: dirname(file.path) });
  }
}

function kindOf(context: HostsContext, host: Host): 'apt' | 'yum' {
  const { os } = factsOf(context, host);
  const kin = os ? [os.id, ...os.like] : [];
  return kin.some((id) => id === 'debian' || id === 'ubuntu') ? 'apt' : 'yum';
}

/** A key is no secret; but one in the binary form would not be understood under its name. */
async function keyText(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw WarrenError.of('FILE_UNREADABLE', { file: path }, { why: (error as Error).message, cause: error });
  }
  if (/^-----BEGIN PGP PUBLIC KEY BLOCK-----/m.test(text)) return text;
  throw WarrenError.of('KEY_NOT_TEXT', { file: path });
}
