import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** An engine that has the outside of RabbitMQ's and nothing inside; see the file itself. */
export const fakeEngine = fileURLToPath(new URL('../fixtures/engine', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as a user runs it, with a state folder of its own. */
export class Warren {
  readonly state = mkdtempSync(path.join(os.tmpdir(), 'warren-cli-'));
  readonly #env: Record<string, string>;

  constructor(env: Record<string, string> = {}) {
    this.#env = env;
  }

  /** Runs a command line, or an argument list, to its end. */
  run(args: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Outcome> {
    const child = this.start(args, env);
    child.stdin?.end(input);
    return ended(child);
  }

  /** Runs it to its end; what it had to say is the error when it does not succeed. */
  async succeeds(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
    const outcome = await this.run(args, env);
    if (outcome.status === 0) return outcome;
    throw new Error(
      `warren ${args.join(' ')} ended with ${outcome.status}\n${outcome.stderr}${outcome.stdout}`,
    );
  }

  async json<T = Record<string, never>>(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<T> {
    const { stdout } = await this.run([...args, '--json'], env);
    return JSON.parse(stdout) as T;
  }

  start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    return spawn(process.execPath, [program, ...args], {
      env: { ...process.env, XDG_STATE_HOME: this.state, ...this.#env, ...env },
      stdio: 'pipe',
    });
  }

  /** Stops whatever clusters a test left, and removes every file. */
  async destroy(): Promise<void> {
    const { clusters } = await this.json<{ clusters: { cluster: string }[] }>(['ps']);
    for (const { cluster } of clusters) await this.run(['down', '--purge', '--cluster', cluster]);
    await rm(this.state, { recursive: true, force: true });
  }
}

export function ended(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * A port base from which the ports of so many nodes are free, different in each test process. All three of a
 * node stand below those that the system gives to outgoing connections (32768 and up): one of these would take
 * a stopped node's port away from it.
 */
export async function freeBase(nodes = 4): Promise<number> {
  for (;;) {
    const base = 6_000 + Math.floor(Math.random() * 4_000);
    const ports = Array.from({ length: nodes }, (_, i) => [
      base + i,
      base + i + 10_000,
      base + i + 20_000,
    ]).flat();
    const free = await Promise.all(ports.map(listens));
    if (free.every(Boolean)) return base;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
