/**
 * What is to be turned off: tracing that was turned on for a time, or for as long as a process watches. It is
 * written down before it is turned on, so that whoever comes next can finish what a killed process could not.
 * A URL may hold a password: only its owner can read the file.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootIdentity, startTimeOf, stateOf } from '../procfs/process.js';

/** A process, told from a later one with its number. */
interface Owner {
  readonly pid: number;
  readonly startTime: string;
  readonly boot: string;
}

export interface PendingTrace {
  readonly id: string;
  readonly cluster?: string | undefined;
  readonly url?: string | undefined;
  readonly vhost: string;
  /** The nodes on which it was turned on; all when left out. */
  readonly nodes?: readonly string[] | undefined;
  /** When it is due, in milliseconds since 1970. */
  readonly until?: number | undefined;
  /** It is due when this process is gone. */
  readonly owner?: Owner | undefined;
}

const folderOf = (state: string) => join(state, 'traces');

export async function addPending(state: string, pending: Omit<PendingTrace, 'id'>): Promise<PendingTrace> {
  const id = randomBytes(6).toString('hex');
  const folder = folderOf(state);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, `.${id}`);
  await writeFile(aside, JSON.stringify({ id, ...pending }), { mode: 0o600 });
  await rename(aside, join(folder, `${id}.json`));
  return { id, ...pending };
}

/** The earliest first; what cannot be read is left out. */
export async function pendingTraces(state: string): Promise<PendingTrace[]> {
  const folder = folderOf(state);
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => /^[0-9a-f]+\.json$/.test(name))
      .map(async (name) => {
        try {
          return JSON.parse(await readFile(join(folder, name), 'utf8')) as PendingTrace;
        } catch {
          return null;
        }
      }),
  );
  return found.filter((each) => each !== null).sort((a, b) => (a.until ?? 0) - (b.until ?? 0));
}

export async function removePending(state: string, { id }: PendingTrace): Promise<void> {
  await rm(join(folderOf(state), `${id}.json`), { force: true });
}

export function isDue({ until, owner }: PendingTrace, now: number): boolean {
  if (until !== undefined && until <= now) return true;
  return owner !== undefined && !isAlive(owner);
}

export const thisProcess = (): Owner => ({
  pid: process.pid,
  startTime: startTimeOf(process.pid) ?? '',
  boot: bootIdentity(),
});

function isAlive({ pid, startTime, boot }: Owner): boolean {
  return boot === bootIdentity() && stateOf(pid) !== 'gone' && startTimeOf(pid) === startTime;
}

export const traceOutput = (state: string): string => join(folderOf(state), 'output.log');
