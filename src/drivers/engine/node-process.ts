import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WarrenError } from '../../errors/warren-error.js';
import type { NodeFolders } from '../local-state/folders.js';
import { allStartedWith, startedWith, stateOf } from '../procfs/process.js';
import type { DetachedProcess, LocalTransport } from '../transport/transport.js';
import type { Engine } from './find.js';
import { markName } from './node-environment.js';

/**
 * A node as a process of this machine. Its pid is read from the pid file that
 * the server writes, or, before it has written one, from the file that holds
 * the pid of what was launched; either counts only if the process was started
 * with this node's mark in its environment. So a pid that was given away, a machine
 * that was restarted and a server that died without tidying up are all seen
 * as what they are: stopped.
 */
export interface NodeObservation {
  readonly state: 'running' | 'paused' | 'stopped';
  readonly pid?: number;
}

/** Started by the first node and shared by all on the machine: never ours to stop. */
const shared = ['epmd'];

export function observe(folders: NodeFolders): NodeObservation {
  const mark = markOf(folders);
  for (const file of [folders.pidFile, folders.launcherPidFile]) {
    const pid = readPid(file);
    if (pid === undefined || !startedWith(pid, mark)) continue;
    const state = stateOf(pid);
    if (state !== 'gone') return { state, pid };
  }
  return { state: 'stopped' };
}

/** Launches the server of a node; it is not ready yet when this returns. */
export async function launch(
  transport: LocalTransport,
  engine: Engine,
  folders: NodeFolders,
  env: Readonly<Record<string, string>>,
): Promise<DetachedProcess> {
  await transport.remove(folders.pidFile);
  const launched = await transport.startDetached(join(engine.folder, 'rabbitmq-server'), [], {
    env: { ...env, [markName]: folders.root },
    folder: folders.root,
    output: folders.output,
  });
  await transport.writeFile(folders.launcherPidFile, `${launched.pid}\n`, { mode: 0o600 });
  return launched;
}

export interface StopOptions {
  /** How long a clean stop may take before the processes are killed. */
  readonly graceMs: number;
}

/** Asks the node to stop (SIGTERM), waits until all its processes are gone, and kills what stays. */
export async function stop(node: string, folders: NodeFolders, options: StopOptions): Promise<void> {
  const { pid, state } = observe(folders);
  if (pid === undefined) return kill(node, folders);
  if (state === 'paused') send(pid, 'SIGCONT');
  send(pid, 'SIGTERM');
  if (await goneWithin(folders, options.graceMs)) return;
  await kill(node, folders);
}

/** Ends every process of the node at once, as a power cut would. */
export async function kill(node: string, folders: NodeFolders): Promise<void> {
  const all = processesOf(folders);
  for (const pid of all) send(pid, 'SIGKILL');
  if (all.length === 0 || (await goneWithin(folders, 5_000))) return;
  throw WarrenError.of('NODE_STOP_FAILED', { node, pid: processesOf(folders)[0] ?? all[0]! });
}

/** Freezes the node: its connections stay open and nothing answers, as on a host that hangs. */
export function pause(folders: NodeFolders): void {
  for (const pid of processesOf(folders)) send(pid, 'SIGSTOP');
}

export function resume(folders: NodeFolders): void {
  for (const pid of processesOf(folders)) send(pid, 'SIGCONT');
}

function processesOf(folders: NodeFolders): number[] {
  return allStartedWith(markOf(folders), shared);
}

async function goneWithin(folders: NodeFolders, ms: number): Promise<boolean> {
  for (let waited = 0, step = 10; waited < ms; waited += step) {
    if (observe(folders).state === 'stopped' && processesOf(folders).length === 0) return true;
    await sleep(step);
  }
  return false;
}

function markOf(folders: NodeFolders): string {
  return `${markName}=${folders.root}`;
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8').trim(), 10);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A process that ended in the meantime needs no signal any more. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
