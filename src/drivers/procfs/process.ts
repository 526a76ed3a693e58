import { readdirSync, readFileSync } from 'node:fs';

/**
 * What the kernel says of processes. A pid alone proves nothing: it may have
 * been given to another process since, or the machine may have been restarted.
 * So a process is recognised by a variable of the environment that it was
 * started with, which it keeps until it ends.
 */
export type ProcessState = 'running' | 'paused' | 'gone';

export function stateOf(pid: number): ProcessState {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return 'gone';
  // proc(5): the state follows the command name, which may hold spaces and brackets itself.
  const letter = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  if (letter === 'Z' || letter === 'X') return 'gone';
  return letter === 'T' || letter === 't' ? 'paused' : 'running';
}

/** Clock ticks from the machine's start to the process's: with the pid, it names one process for good. */
export function startTimeOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Changes at every start of the machine. */
export function bootIdentity(): string {
  return read('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown';
}

export function commandOf(pid: number): string {
  return read(`/proc/${pid}/comm`)?.trim() ?? 'unknown';
}

/** Whether the process was started with `variable` (as in `NAME=value`). */
export function startedWith(pid: number, variable: string): boolean {
  return read(`/proc/${pid}/environ`)?.split('\0').includes(variable) ?? false;
}

/** Every living process started with `variable`, without those commands that merely inherited it. */
export function allStartedWith(variable: string, except: readonly string[]): number[] {
  return allPids().filter(
    (pid) => startedWith(pid, variable) && stateOf(pid) !== 'gone' && !except.includes(commandOf(pid)),
  );
}

export function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A process may end between being listed and being read: that is an answer, not an error. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
