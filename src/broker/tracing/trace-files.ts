/** The logs of a node's traces. Only plain files of the directory itself are read and deleted. */
import { lstat, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export class TraceFiles {
  constructor(readonly directory: string) {}

  async list(): Promise<{ name: string; size: number }[]> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const names = await readdir(this.directory);
    const found = await Promise.all(names.map((name) => this.#file(name)));
    return found.filter((file) => file !== null);
  }

  async exists(name: string): Promise<boolean> {
    return (await this.#file(name)) !== null;
  }

  /** Up to `length` bytes from `from` on; none at its end. */
  async read(name: string, from: number, length: number): Promise<Buffer> {
    const file = await open(this.path(name), 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async delete(name: string): Promise<void> {
    await unlink(this.path(name));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  async #file(name: string): Promise<{ name: string; size: number } | null> {
    if (!isFileName(name)) return null;
    const found = await lstat(this.path(name)).catch(() => null);
    return found?.isFile() ? { name, size: found.size } : null;
  }
}

/** One name, not a path: RabbitMQ lets a trace's name lead out of its directory. */
export function isFileName(name: string): boolean {
  return (
    name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && Buffer.byteLength(name) <= 240
  );
}
