import { spawn } from 'node:child_process';
import { chmod, mkdir, open, readFile, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { WarrenError } from '../../errors/warren-error.js';
import { writeLocalFile } from './local-file.js';
import { BoundedOutput } from './output.js';
import type {
  CommandResult,
  DetachedOptions,
  DetachedProcess,
  LocalTransport,
  Ownership,
  RunOptions,
} from './transport.js';

/** This machine, as the user who runs Warren. */
export const localTransport: LocalTransport = {
  host: 'this machine',
  run,
  startDetached,

  async readFile(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },

  async writeFile(path, text, options) {
    await writeLocalFile(path, text, options, setOwner);
  },

  async makeFolder(path, mode, ownership = {}) {
    await mkdir(path, { recursive: true, mode });
    await chmod(path, mode);
    await setOwner(path, ownership);
  },

  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },

  async close() {},
};

async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const { execa } = await import('execa');
  options.signal?.throwIfAborted();
  const stdout = new BoundedOutput(options.maxOutputBytes);
  const stderr = new BoundedOutput(options.maxOutputBytes);
  const child = execa(file, [...args], {
    reject: false,
    buffer: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.env ? { env: { ...options.env }, extendEnv: false } : {}),
    ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  const ended = await child;
  options.signal?.throwIfAborted();
  const said = { stdout: stdout.text(), stderr: stderr.text() };
  const truncated = stdout.truncated || stderr.truncated ? { truncated: true } : {};
  if (ended.exitCode !== undefined) return { status: ended.exitCode, ...said, ...truncated };
  const [status, reason] = endedOtherwise(ended, options);
  return { status, stdout: said.stdout, stderr: `${said.stderr}${reason}\n`, ...truncated };
}

interface Ended {
  readonly timedOut: boolean;
  readonly signal?: NodeJS.Signals;
  readonly shortMessage?: string;
}

function endedOtherwise(ended: Ended, options: RunOptions): [number, string] {
  if (ended.timedOut) return [124, `it took longer than ${(options.timeoutMs ?? 0) / 1000} s`];
  if (ended.signal) return [128 + (constants.signals[ended.signal] ?? 0), `ended by ${ended.signal}`];
  return [127, ended.shortMessage ?? 'it did not start'];
}

async function startDetached(
  file: string,
  args: readonly string[],
  options: DetachedOptions,
): Promise<DetachedProcess> {
  // A process that still writes keeps the file it has.
  await rm(options.output, { force: true });
  const output = await open(options.output, 'ax', 0o600);
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
}

/** Names of users and groups are for the system to look up, so its own tool does it. */
async function setOwner(path: string, { owner, group }: Ownership): Promise<void> {
  if (owner === undefined && group === undefined) return;
  const wanted = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`;
  const { status, stderr } = await run('chown', ['-h', wanted, path]);
  if (status !== 0) throw WarrenError.of('TOOL_FAILED', { tool: `chown ${wanted}`, status, output: stderr });
}
