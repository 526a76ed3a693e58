/**
 * The few file operations that the stores stand on, as a port: tests put a file system behind it that fails,
 * writes short, forgets what was not synced and flips bits.
 */
import * as fs from 'node:fs';

export interface LogFile {
  /** Writes the parts one after the other from `position` on; answers how many bytes were taken, maybe fewer. */
  write(parts: readonly Buffer[], position: number): Promise<number>;
  /** What was written is on the disk once this resolves (fdatasync). */
  sync(): Promise<void>;
  /** Fills `into` from `position` on; answers how many bytes there were. */
  read(into: Buffer, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface FileSystem {
  /** A new, empty file; one that exists is emptied. */
  create(path: string): Promise<LogFile>;
  /** An existing file, to read and write. Rejects with ENOENT when there is none. */
  open(path: string): Promise<LogFile>;
  /** Names in a directory, none when there is no such directory. */
  list(directory: string): Promise<string[]>;
  makeDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Names made, renamed and removed in it stay so after a power cut once this resolves. */
  syncDirectory(path: string): Promise<void>;
}

export const nodeFileSystem: FileSystem = {
  async create(path) {
    const { O_RDWR, O_CREAT, O_TRUNC } = fs.constants;
    return nodeFile(await openFile(path, O_RDWR | O_CREAT | O_TRUNC));
  },
  async open(path) {
    return nodeFile(await openFile(path, fs.constants.O_RDWR));
  },
  async list(directory) {
    try {
      return await fs.promises.readdir(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  },
  async makeDirectory(path) {
    await fs.promises.mkdir(path, { recursive: true, mode: 0o750 });
  },
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (path) => fs.promises.unlink(path),
  async syncDirectory(path) {
    const directory = await fs.promises.open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
};

/** Plain descriptors: a FileHandle costs twice as much, and these are called for every batch. */
function openFile(path: string, flags: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(path, flags, 0o640, settles(resolve, reject));
  });
}

function nodeFile(descriptor: number): LogFile {
  return {
    write: (parts, position) =>
      new Promise((resolve, reject) => {
        fs.writev(descriptor, parts as Buffer[], position, settles(resolve, reject));
      }),
    sync: () =>
      new Promise((resolve, reject) => {
        fs.fdatasync(descriptor, settles(resolve, reject));
      }),
    read: (into, position) =>
      new Promise((resolve, reject) => {
        fs.read(descriptor, into, 0, into.length, position, settles(resolve, reject));
      }),
    truncate: (length) =>
      new Promise((resolve, reject) => {
        fs.ftruncate(descriptor, length, settles(resolve, reject));
      }),
    size: () =>
      new Promise((resolve, reject) => {
        fs.fstat(descriptor, (error, stats) => settles(resolve, reject)(error, stats?.size));
      }),
    close: () =>
      new Promise((resolve, reject) => {
        fs.close(descriptor, settles(resolve, reject));
      }),
  };
}

function settles<T>(resolve: (value: T) => void, reject: (error: Error) => void) {
  return (error: Error | null | undefined, value?: T): void => {
    if (error) reject(error);
    else resolve(value as T);
  };
}

/** Writes everything or rejects: a write that is cut short is continued, one that takes nothing is an error. */
export async function writeFully(file: LogFile, parts: readonly Buffer[], position: number): Promise<void> {
  let left = parts;
  let at = position;
  while (left.length > 0) {
    const taken = await file.write(left, at);
    if (taken <= 0) throw new Error(`the file took none of the bytes written to it at ${at}`);
    at += taken;
    left = without(left, taken);
  }
}

function without(parts: readonly Buffer[], taken: number): Buffer[] {
  const left: Buffer[] = [];
  let skip = taken;
  for (const part of parts) {
    if (skip >= part.length) {
      skip -= part.length;
    } else {
      left.push(skip === 0 ? part : part.subarray(skip));
      skip = 0;
    }
  }
  return left;
}

/** Reads until `into` is full or the file ends; answers how many bytes there were. */
export async function readFully(file: LogFile, into: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const count = await file.read(into.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
