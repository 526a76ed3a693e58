import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Seconds that a command takes; its failure ends the bench. */
export function seconds(command, args, env) {
  const start = process.hrtime.bigint();
  run(command, args, env);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export function run(command, args, env) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 26,
  });
  if (status === 0) return stdout;
  throw new Error(
    `${command} ${args.join(' ')} ended with ${status}: ${error?.message ?? ''}${stderr}${stdout}`,
  );
}

/** Each engine in turn within one try, so that both meet the same neighbours. */
export async function alternate(tries, measure) {
  const results = { bundled: [], rabbitmq: [] };
  for (let attempt = 0; attempt < tries; attempt += 1) {
    for (const engine of Object.keys(results)) results[engine].push(await measure(engine));
  }
  return results;
}

/** A state and runtime directory of the bench's own: nobody's clusters are touched. */
export async function withHome(work) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'warren-bench-'));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_RUNTIME_DIR: home,
    LANG: 'C.UTF-8',
  };
  try {
    return await work(env, home);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

export const warren = path.join(root, 'bin/run.js');

export const upLine = (engine, base) => [
  warren,
  'up',
  '--name',
  'bench',
  '--engine',
  engine,
  '--port-base',
  String(base),
];
export const downLine = [warren, 'down', '--purge'];

/** Each cluster on ports of its own, so that none waits for the last one's to be given back. */
let taken = 12_000 + (process.pid % 400);
export function portBase() {
  taken += 5;
  return taken;
}
