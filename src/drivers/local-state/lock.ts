import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WarrenError } from '../../errors/warren-error.js';
import { bootIdentity, startTimeOf, stateOf } from '../procfs/process.js';

/**
 * One change at a time on one cluster. The lock is a file that is written
 * aside and then linked to its name: a link either makes the name, whole, or
 * fails because it exists. A lock whose holder is dead (no such pid, another
 * process under that pid, another start of the machine) is replaced in one
 * step by whoever holds the door, a second file that is taken in the same way:
 * behind it the holder is looked at again, so that no two take over from one
 * dead holder. The door is held for a few file operations only; one that was
 * left behind by a crash in their midst gives way by its age.
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
      if (holder !== 'nobody' && lives(holder)) throw busy(request, holder);
      if (holder !== 'nobody' && (await takenOver(aside, request.file))) return;
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

/** Takes the place of a dead holder. False when somebody else was faster, or is about to be. */
async function takenOver(aside: string, file: string): Promise<boolean> {
  const door = `${file}.takeover`;
  if (!(await linked(aside, door))) {
    if (await olderThan(door, abandonedMs)) await rm(door, { force: true });
    await sleep(5);
    return false;
  }
  try {
    const holder = await readHolder(file);
    if (holder === 'nobody' || lives(holder)) return false;
    await rename(aside, file);
    return true;
  } finally {
    await rm(door, { force: true });
  }
}

/** Nobody holds the door this long. */
const abandonedMs = 10_000;

async function olderThan(file: string, ms: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).ctimeMs > ms;
  } catch {
    return false;
  }
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

/** What cannot be read as a holder was not written by Warren: it is as good as dead. */
async function readHolder(file: string): Promise<Holder | 'nobody'> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return 'nobody';
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, startTime: '', boot: '', command: '', since: '' };
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
