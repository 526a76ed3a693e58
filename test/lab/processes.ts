import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one of the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks between the machine's start and the process's (proc(5), stat, field 22). */
  readonly started: string;
}

export function mark(pid: number): ProcessMark {
  const started = startOf(pid);
  if (!started) throw new Error(`process ${pid} is gone`);
  return { pid, started };
}

export function isAlive({ pid, started }: ProcessMark): boolean {
  return startOf(pid) === started;
}

export function childrenOf({ pid }: ProcessMark): ProcessMark[] {
  const children = read(`/proc/${pid}/task/${pid}/children`)?.split(' ').filter(Boolean) ?? [];
  return children.map(Number).flatMap((child) => (startOf(child) ? [mark(child)] : []));
}

/** Sends a signal unless the process has gone, and lets nobody else's have it. */
export function signal(process_: ProcessMark, name: NodeJS.Signals): void {
  if (!isAlive(process_)) return;
  try {
    process.kill(process_.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function gone(process_: ProcessMark, patience = 60_000): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (isAlive(process_)) {
    if (Date.now() > deadline) return false;
    await pause(10);
  }
  return true;
}

/** A zombie counts as gone: it holds nothing any more. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && !'ZX'.includes(fields[0]!) ? fields[19] : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
