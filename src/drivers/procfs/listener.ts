import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { allPids, commandOf } from './process.js';

/** Whether this machine lets a program listen on the port of its loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether a connection to the port is taken at once. */
export function accepts(port: number, timeoutMs = 500): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(timeoutMs, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** Who listens on the port, in words: `beam.smp (pid 4242)`. */
export function holderOf(port: number): string {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return 'a process that ended just now';
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const pid of allPids()) {
    if (holdsOneOf(pid, links)) return `${commandOf(pid)} (pid ${pid})`;
  }
  return 'a process of another user';
}

/** proc(5), /proc/net/tcp: local address is HEX:PORT, state 0A is LISTEN, the tenth field is the inode. */
function listeningInodes(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of linesOf(file)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === '0A' && fields[1]?.endsWith(`:${wanted}`)) inodes.add(fields[9]!);
    }
  }
  return inodes;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}

function holdsOneOf(pid: number, links: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => links.has(linkOf(`${folder}/${fd}`)));
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
