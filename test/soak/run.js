#!/usr/bin/env node
/**
 * `npm run soak`: kill -9 under load, again and again. Each round publishes
 * numbered persistent messages with confirms to a mirrored durable queue of a
 * three-node cluster, kills the node that leads it at a random moment, and starts
 * it again. At the end every confirmed message must be there, in order (what was
 * published and not confirmed may be there). `--rounds 10 --engine bundled`.
 *
 * `--sequences 2000` plays so many generated sequences of each kind on both engines instead, `--fuzz 1000000` sends mutated frames into
 * a live node; `--seed N` for others than the last time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from './compare.js';
import { Load } from './load.js';
import { startThree } from './three-nodes.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    engine: { type: 'string', default: 'bundled' },
    sequences: { type: 'string' },
    fuzz: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
if (values.sequences)
  atLength('twin', 'test/twin/amqp/sequences.test.ts', { WARREN_SEQUENCES: values.sequences });
if (values.fuzz) atLength('live', 'test/contracts/fuzz.test.ts', { WARREN_FUZZ: values.fuzz });

const home = mkdtempSync(path.join(os.tmpdir(), 'warren-soak-'));
const cluster = startThree(values.engine, home);
let failed = false;
try {
  for (let round = 1; round <= Number(values.rounds); round += 1) failed = (await oneRound(round)) || failed;
} finally {
  cluster.down();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
console.log(failed ? 'something confirmed was lost, or came in another order' : 'nothing confirmed was lost');
process.exitCode = failed ? 1 : 0;

/** A test of `npm test`, with more of it; ends this process as the test ends. */
function atLength(project, file, env) {
  const vitest = path.resolve(import.meta.dirname, '../../node_modules/.bin/vitest');
  const { status } = spawnSync(vitest, ['run', '--project', project, file], {
    stdio: 'inherit',
    env: { ...process.env, WARREN_SEED: values.seed, ...env },
  });
  process.exit(status ?? 1);
}

/** Kills the first node, where the queue is declared and led, while the load runs on the second. */
async function oneRound(round) {
  const queue = `soak-${round}`;
  const [victim, other] = cluster.nodes();
  const load = new Load(`amqp://guest:guest@127.0.0.1:${other.amqp}`, queue);
  await load.declare(`amqp://guest:guest@127.0.0.1:${victim.amqp}`);
  const running = load.run();
  await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1500));
  process.kill(victim.pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  load.stop();
  await running;
  cluster.start();
  const result = compare(load.confirmed, await load.readAll());
  console.log(
    `round ${round}: ${load.published} published, ${load.confirmed.length} confirmed, ${result.lost.length} lost, ${result.duplicated.length} duplicated, ${result.reordered} out of order`,
  );
  return result.lost.length > 0 || result.reordered > 0;
}
