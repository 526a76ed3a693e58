/**
 * Node names on this machine, in place of epmd: a folder of the user's runtime directory with one JSON file a
 * node. An entry belongs to a process, named by its pid and the moment the kernel started it, so that an entry
 * left behind by kill -9, or by a machine that was switched off, is seen to be stale and gives way. A name is
 * claimed by linking a finished file into place, which only one of two processes can do. A stale entry is removed
 * only behind its door, a second file that is taken in the same way, and only if it is still stale there: so nobody
 * removes what another process has claimed since.
 */
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface RegistryEntry {
  /** name@host */
  name: string;
  pid: number;
  /** Distribution port, for links. */
  port: number;
  address: string;
  /** First AMQP port, for messages about ports in use; null while the application is stopped. */
  amqpPort: number | null;
}

type Stored = RegistryEntry & { startTime: string };

export class NodeNameInUse extends Error {
  constructor(readonly entry: RegistryEntry) {
    const [name, host] = entry.name.split('@');
    super(`node with name "${name}" is already running on host "${host}"`);
    this.name = 'NodeNameInUse';
  }
}

export function runtimeFolder(environment: NodeJS.ProcessEnv): string {
  if (environment.WARREN_RUNTIME_DIR) return environment.WARREN_RUNTIME_DIR;
  if (environment.XDG_RUNTIME_DIR) return join(environment.XDG_RUNTIME_DIR, 'warren');
  return `/tmp/warren-${process.getuid?.() ?? 0}`;
}

export class Registry {
  constructor(readonly folder: string) {}

  /** Throws NodeNameInUse when a living process holds the name. */
  claim(entry: RegistryEntry): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const mine = this.#write(entry);
    try {
      for (let attempt = 0; attempt < 500; attempt++) {
        try {
          linkSync(mine, this.#path(entry.name));
          return;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
        const holder = this.lookup(entry.name);
        if (holder !== null) throw new NodeNameInUse(holder);
        // Only who finds another process at the stale entry comes here a second time.
        if (attempt > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      }
      throw new Error(
        `the name ${entry.name} cannot be claimed: remove ${this.#path(entry.name)}*, then try again`,
      );
    } finally {
      unlinkSync(mine);
    }
  }

  /** Changes what a claimed entry says of its ports. */
  update(entry: RegistryEntry): void {
    renameSync(this.#write(entry), this.#path(entry.name));
  }

  /** Gives the name back, if it is still this process's. */
  release(name: string): void {
    const stored = this.#read(this.#path(name));
    if (stored?.pid === process.pid) remove(this.#path(name));
  }

  /** The living holder of a name; an entry found stale is cleared away. */
  lookup(name: string): RegistryEntry | null {
    const path = this.#path(name);
    const stored = this.#read(path);
    if (stored === null) return null;
    if (startTime(stored.pid) === stored.startTime) return plain(stored);
    this.#clear(path, stored);
    return null;
  }

  list(): RegistryEntry[] {
    let files: string[];
    try {
      files = readdirSync(this.folder);
    } catch {
      return [];
    }
    return files
      .filter((file) => file.endsWith('.json'))
      .map((file) => this.lookup(decodeURIComponent(file.slice(0, -'.json'.length))))
      .filter((entry) => entry !== null)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Left to the next one who looks when another process is at it. */
  #clear(path: string, stale: Stored): void {
    const door = `${path}.door`;
    const key = `${door}.${process.pid}`;
    try {
      writeFileSync(
        key,
        `${JSON.stringify({ ...stale, pid: process.pid, startTime: startTime(process.pid) })}\n`,
      );
      linkSync(key, door);
    } catch {
      // A process that died behind the door left it shut.
      const behind = this.#read(door);
      if (behind !== null && startTime(behind.pid) !== behind.startTime) remove(door);
      remove(key);
      return;
    }
    const now = this.#read(path);
    if (now !== null && startTime(now.pid) !== now.startTime) remove(path);
    remove(door);
    remove(key);
  }

  #write(entry: RegistryEntry): string {
    const path = `${this.#path(entry.name)}.${process.pid}`;
    const stored: Stored = { ...entry, startTime: startTime(entry.pid) ?? '' };
    writeFileSync(path, `${JSON.stringify(stored)}\n`, { mode: 0o600 });
    return path;
  }

  #read(path: string): Stored | null {
    try {
      const stored = JSON.parse(readFileSync(path, 'utf8')) as Stored;
      return typeof stored.pid === 'number' && typeof stored.startTime === 'string' ? stored : unusable;
    } catch (error) {
      return error instanceof SyntaxError ? unusable : null;
    }
  }

  #path(name: string): string {
    return join(this.folder, `${encodeURIComponent(name)}.json`);
  }
}

/** A file that is no entry (cut short by a full disk) holds no name: pid 0 never runs. */
const unusable: Stored = { name: '', pid: 0, startTime: 'none', port: 0, address: '', amqpPort: null };

const plain = ({ name, pid, port, address, amqpPort }: Stored): RegistryEntry => ({
  name,
  pid,
  port,
  address,
  amqpPort,
});

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // gone already
  }
}

/** Boot and start time of a running process; null when it is gone (a zombie is gone). proc(5): fields 3 and 22. */
function startTime(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}
