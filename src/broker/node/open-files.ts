import { readdirSync, readFileSync } from 'node:fs';
import { isOutOfFiles, lastKnown } from './last-known.js';

export interface FileDescriptors {
  readonly used: number;
  /** The soft limit that this process runs under; 0 where it is not known. */
  readonly limit: number;
  readonly socketsUsed: number;
  /** The rest of the files is kept for what the node itself has to open, above all its data. */
  readonly socketsLimit: number;
}

/** RabbitMQ's share (file_handle_cache). */
const socketsShare = 0.9;

/** Open file descriptors of this process. To count them takes one more: when none is left, all are in use. */
export function fileDescriptors(): FileDescriptors {
  const socketsUsed = activeSockets();
  try {
    const limit = softLimit();
    return { used: openFiles(limit), limit, socketsUsed, socketsLimit: Math.floor(limit * socketsShare) };
  } catch {
    return { used: 0, limit: 0, socketsUsed, socketsLimit: 0 }; // no /proc here
  }
}

const softLimit = lastKnown(() => {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
});

function openFiles(limit: number): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch (error) {
    if (isOutOfFiles(error)) return limit;
    throw error;
  }
}

function activeSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}
