import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeRecord } from '../drivers/local-state/record.js';
import { wait } from '../phases/wait.js';
import type { LocalCluster } from './find-cluster.js';

/**
 * The logs of nodes: each node's log file, or, when it has none yet, what it
 * wrote to its terminal. Following means reading what was added since; a file
 * that became shorter was begun anew and is read from its start.
 */
export interface LogsOptions {
  readonly cluster: LocalCluster;
  readonly nodes: readonly NodeRecord[];
  /** How many lines from the end to begin with. */
  readonly lines: number;
  readonly write: (line: string) => void;
}

export async function showLogs(options: LogsOptions): Promise<void> {
  for (const node of options.nodes) await tailOf(options, node);
}

/** Never returns by itself: it ends when the signal says stop, by throwing the signal's reason. */
export async function followLogs(options: LogsOptions, signal: AbortSignal): Promise<never> {
  const positions = new Map<string, number>();
  for (const node of options.nodes) positions.set(node.name, await tailOf(options, node));
  for (;;) {
    await wait(100, signal);
    for (const node of options.nodes) {
      const from = positions.get(node.name) ?? 0;
      positions.set(node.name, await addedSince(options, node, from));
    }
  }
}

async function tailOf(options: LogsOptions, node: NodeRecord): Promise<number> {
  const file = await logFileOf(options.cluster, node);
  if (!file) return 0;
  const { text, end } = await readFrom(file, 0);
  const lines = text.split('\n').filter(Boolean);
  if (options.lines > 0) for (const line of lines.slice(-options.lines)) write(options, node, line);
  return end;
}

async function addedSince(options: LogsOptions, node: NodeRecord, from: number): Promise<number> {
  const file = await logFileOf(options.cluster, node);
  if (!file) return 0;
  const { size } = await stat(file);
  if (size === from) return from;
  const { text, end } = await readFrom(file, size < from ? 0 : from);
  for (const line of text.split('\n').filter(Boolean)) write(options, node, line);
  return end;
}

/** Whole lines only: what follows the last line feed is read the next time. */
async function readFrom(file: string, from: number): Promise<{ text: string; end: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    const whole = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    return { text: buffer.subarray(0, whole).toString(), end: from + whole };
  } finally {
    await handle.close();
  }
}

async function logFileOf(cluster: LocalCluster, node: NodeRecord): Promise<string | undefined> {
  const own = cluster.folders.node(node.name);
  const names = await readdir(own.log).catch(() => []);
  const main = names.find((name) => name === `${node.name}.log`);
  if (main) return join(own.log, main);
  return (await stat(own.output).catch(() => undefined)) ? own.output : undefined;
}

function write(options: LogsOptions, node: NodeRecord, line: string): void {
  options.write(options.nodes.length > 1 ? `${node.name.replace(/@.*$/, '')} | ${line}` : line);
}
