/**
 * Who listens on a TCP port of this machine, for the message that says so. A node of ours is known by its name
 * in the registry; any other process by what /proc tells: its listening socket's inode, and who has that open.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Registry, runtimeFolder } from '../../cluster/registry.js';

export function portHolder(port: number): string | null {
  const registry = new Registry(runtimeFolder(process.env));
  const entry = registry.list().find((node) => node.amqpPort === port || node.port === port);
  if (entry !== undefined) return `node ${entry.name} (process ${entry.pid})`;
  const inodes = listeningInodes(port);
  const pid = inodes.size === 0 ? null : processOf(inodes);
  if (pid === null) return null;
  const node = registry.list().find((each) => each.pid === pid);
  return node === undefined ? `${commandOf(pid)} (process ${pid})` : `node ${node.name} (process ${pid})`;
}

/** proc(5), /proc/net/tcp: local address, state 0A is LISTEN, the tenth field is the inode. */
function listeningInodes(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => read(file).split('\n').slice(1));
  const fields = lines.map((line) => line.trim().split(/\s+/));
  const listening = fields.filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${wanted}`));
  return new Set(listening.map((field) => field[9]!));
}

function processOf(inodes: ReadonlySet<string>): number | null {
  for (const pid of names('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of names(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(target(`/proc/${pid}/fd/${descriptor}`));
      if (inode !== null && inodes.has(inode[1]!)) return Number(pid);
    }
  }
  return null;
}

const commandOf = (pid: number) => read(`/proc/${pid}/comm`).trim() || 'another process';

/** Processes end while they are looked at, and those of others are not ours to see. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
