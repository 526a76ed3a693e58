import { spawn } from 'node:child_process';
import { chmod, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import type { CommandResult, DetachedOptions, DetachedProcess, RunOptions, Transport } from './transport.js';

/** This machine. */
export const localTransport: Transport = {
  host: 'this machine',

  async run(file, args, options: RunOptions = {}): Promise<CommandResult> {
    const { execa } = await import('execa');
    const result = await execa(file, [...args], {
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      ...(options.env ? { env: { ...options.env }, extendEnv: false } : {}),
      ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
      ...(options.signal ? { cancelSignal: options.signal } : {}),
    });
    if (result.exitCode === undefined) {
      const reason = result.timedOut ? 'it took too long' : (result.shortMessage ?? 'it did not start');
      return { status: 127, stdout: result.stdout ?? '', stderr: `${result.stderr ?? ''}${reason}\n` };
    }
    return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  },

  async startDetached(file, args, options: DetachedOptions): Promise<DetachedProcess> {
    const output = await open(options.output, 'a', 0o600);
    try {
      const child = spawn(file, [...args], {
        cwd: options.folder,
        detached: true,
        env: { ...options.env },
        stdio: ['ignore', output.fd, output.fd],
      });
      const ended = new Promise<{ status: number | null; signal: string | null }>((resolve) => {
        child.once('exit', (status, signal) => resolve({ status, signal }));
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      child.unref();
      return { pid: child.pid!, ended };
    } finally {
      await output.close();
    }
  },

  async readFile(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },

  async writeFile(path, text, mode) {
    await rm(path, { force: true });
    await writeFile(path, text, { mode });
    await chmod(path, mode);
  },

  async makeFolder(path, mode) {
    await mkdir(path, { recursive: true, mode });
  },

  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },
};
