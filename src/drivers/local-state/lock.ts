import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WarrenError } from '../../errors/warren-error.js';
import { bootIdentity, startTimeOf, stateOf } from '../procfs/process.js';

/**
 * One change at a time on one cluster. The lock is a file that is written
 * aside and then linked to its name: a link either makes the name, whole, or
 * fails because it exists. A lock whose holder is dead (no such pid, another
 * process under that pid, another start of the machine) is moved aside and
 * looked at again: were it somebody's fresh one after all, it is linked back.
 */
interface Holder {
  readonly pid: number;
  readonly startTime: string;
  readonly boot: string;
  readonly command: string;
  readonly since: string;
}

export interface LockRequest {
  readonly file: string;
  readonly cluster: string;
  /** The command as the user typed it, for the one who finds the door shut. */
  readonly command: string;
  readonly now: () => Date;
}

/** Runs `work` while holding the lock; CLUSTER_BUSY if another process holds it. */
export async function withLock<T>(request: LockRequest, work: () => Promise<T>): Promise<T> {
  await take(request);
  try {
    return await work();
  } finally {
    await rm(request.file, { force: true });
  }
}

async function take(request: LockRequest): Promise<void> {
  const mine: Holder = {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    boot: bootIdentity(),
    command: request.command,
    since: request.now().toISOString(),
  };
  const aside = await writeAside(request.file, JSON.stringify(mine));
  try {
    for (;;) {
      if (await linked(aside, request.file)) return;
      const holder = await readHolder(request.file);
      if (holder && lives(holder)) throw busy(request, holder);
      await removeStale(request.file);
    }
  } finally {
    await rm(aside, { force: true });
  }
}

/** Another process may remove the empty folder between its making and its use: then it is made again. */
async function writeAside(file: string, text: string): Promise<string> {
  const aside = `${file}.${randomUUID()}`;
  for (let attempt = 0; ; attempt++) {
    await makeFolder(dirname(file));
    try {
      await writeFile(aside, text, { mode: 0o600 });
      return aside;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 3) throw error;
    }
  }
}

async function removeStale(file: string): Promise<void> {
  const moved = `${file}.${randomUUID()}`;
  try {
    await rename(file, moved);
  } catch {
    return;
  }
  const holder = await readHolder(moved);
  if (holder && lives(holder)) await linked(moved, file);
  await rm(moved, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function lives(holder: Holder): boolean {
  return (
    holder.boot === bootIdentity() &&
    stateOf(holder.pid) !== 'gone' &&
    startTimeOf(holder.pid) === holder.startTime
  );
}

function busy(request: LockRequest, holder: Holder): WarrenError {
  const { pid, command, since } = holder;
  return WarrenError.of('CLUSTER_BUSY', { cluster: request.cluster, command, pid, since });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw WarrenError.of('STATE_FOLDER', { folder, reason: (error as Error).message }, { cause: error });
  }
}
