/**
 * A file system in memory that behaves as badly as a real one may: what was not synced can be lost, in part and
 * out of order, at a crash; a sync that failed has lost what it should have written, though reads still show it;
 * names made or renamed without a sync of their directory may be gone. Faults are injected by `fault`.
 */
import { dirname } from 'node:path';
import type { FileSystem, LogFile } from '../../../src/broker/storage/file-system.js';

export type Operation = 'write' | 'sync' | 'create' | 'open' | 'read' | 'rename' | 'remove' | 'syncDirectory';

type Pending = { position: number; bytes: Buffer } | { length: number };

class Inode {
  content: Buffer = Buffer.alloc(0);
  synced: Buffer = Buffer.alloc(0);
  pending: Pending[] = [];
}

export function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}

export class FaultyFileSystem implements FileSystem {
  /** Asked before each operation: an error to fail with, or for a write a number of bytes to take at most. */
  fault: (operation: Operation, path: string) => Error | number | null = () => null;
  syncs = 0;
  bytesWritten = 0;
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #crashed = false;

  async create(path: string): Promise<LogFile> {
    this.#check('create', path);
    const inode = new Inode();
    this.#names.set(path, inode);
    return this.#file(path, inode);
  }

  async open(path: string): Promise<LogFile> {
    this.#check('open', path);
    const inode = this.#names.get(path);
    if (inode === undefined) throw failure('ENOENT');
    return this.#file(path, inode);
  }

  async list(directory: string): Promise<string[]> {
    return [...this.#names.keys()]
      .filter((path) => dirname(path) === directory)
      .map((path) => path.slice(directory.length + 1))
      .sort();
  }

  async makeDirectory(): Promise<void> {}

  async rename(from: string, to: string): Promise<void> {
    this.#check('rename', from);
    const inode = this.#names.get(from);
    if (inode === undefined) throw failure('ENOENT');
    this.#names.delete(from);
    this.#names.set(to, inode);
  }

  async remove(path: string): Promise<void> {
    this.#check('remove', path);
    if (!this.#names.delete(path)) throw failure('ENOENT');
  }

  async syncDirectory(directory: string): Promise<void> {
    this.#check('syncDirectory', directory);
    for (const path of [...this.#durableNames.keys()]) {
      if (dirname(path) === directory) this.#durableNames.delete(path);
    }
    for (const [path, inode] of this.#names) {
      if (dirname(path) === directory) this.#durableNames.set(path, inode);
    }
  }

  /** The process is gone; the machine stays: everything written is there. */
  killed(): FaultyFileSystem {
    this.#crashed = true;
    const next = new FaultyFileSystem();
    next.#names = new Map([...this.#names].map(([path, inode]) => [path, copied(inode.content)]));
    next.#durableNames = new Map(next.#names);
    return next;
  }

  /** The power is gone: of what was not synced, `random` (0 ≤ n < 1) decides what is there. */
  powerCut(random: () => number): FaultyFileSystem {
    this.#crashed = true;
    const next = new FaultyFileSystem();
    const survivors = new Map<Inode, Inode>();
    for (const path of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      const inode = random() < 0.5 ? this.#names.get(path) : this.#durableNames.get(path);
      if (inode === undefined) continue;
      if (!survivors.has(inode)) survivors.set(inode, copied(afterPowerCut(inode, random)));
      next.#names.set(path, survivors.get(inode) as Inode);
    }
    next.#durableNames = new Map(next.#names);
    return next;
  }

  bytes(path: string): Buffer {
    return (this.#names.get(path) as Inode).content;
  }

  paths(): string[] {
    return [...this.#names.keys()];
  }

  #check(operation: Operation, path: string): number | null {
    if (this.#crashed) throw failure('ECRASHED');
    const fault = this.fault(operation, path);
    if (fault instanceof Error) throw fault;
    return fault;
  }

  #file(path: string, inode: Inode): LogFile {
    return {
      write: async (parts, position) => {
        await new Promise((resolve) => setImmediate(resolve));
        const most = this.#check('write', path);
        const whole = Buffer.concat(parts);
        const bytes = most === null ? whole : whole.subarray(0, most);
        apply(inode, { position, bytes });
        inode.pending.push({ position, bytes });
        this.bytesWritten += bytes.length;
        return bytes.length;
      },
      sync: async () => {
        this.syncs++;
        const until = inode.pending.length;
        await new Promise((resolve) => setImmediate(resolve));
        const pending = inode.pending.splice(0, until);
        this.#check('sync', path);
        for (const one of pending) inode.synced = changed(inode.synced, one);
      },
      read: async (into, position) => {
        this.#check('read', path);
        return inode.content.copy(into, 0, position, position + into.length);
      },
      truncate: async (length) => {
        this.#check('write', path);
        apply(inode, { length });
        inode.pending.push({ length });
      },
      size: async () => inode.content.length,
      close: async () => undefined,
    };
  }
}

function copied(content: Buffer): Inode {
  const inode = new Inode();
  inode.content = Buffer.from(content);
  inode.synced = Buffer.from(content);
  return inode;
}

function afterPowerCut(inode: Inode, random: () => number): Buffer {
  let content = inode.synced;
  for (const one of inode.pending) {
    const luck = random();
    if (luck < 0.4) continue;
    if ('bytes' in one && luck < 0.6) {
      const part = one.bytes.subarray(0, Math.floor(one.bytes.length * random()));
      content = changed(content, { position: one.position, bytes: part });
    } else {
      content = changed(content, one);
    }
  }
  return content;
}

function apply(inode: Inode, change: Pending): void {
  inode.content = changed(inode.content, change);
}

function changed(content: Buffer, change: Pending): Buffer {
  if ('length' in change) {
    const shorter = Buffer.alloc(change.length);
    content.copy(shorter);
    return shorter;
  }
  const end = change.position + change.bytes.length;
  const longer = end > content.length ? Buffer.concat([content], end) : Buffer.from(content);
  change.bytes.copy(longer, change.position);
  return longer;
}
