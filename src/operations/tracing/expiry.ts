/**
 * `--for 5m`: what is to be turned off, and when, is written down; a process of its own waits for it, without a
 * terminal. Should it be killed, or the machine be restarted, the next `warren trace …` finds what is overdue
 * and finishes it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  addPending,
  isDue,
  type PendingTrace,
  pendingTraces,
  removePending,
  traceOutput,
} from '../../drivers/local-state/pending-traces.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { Surroundings } from '../surroundings.js';
import type { WatchTarget } from '../watch/source.js';
import { type TracedCluster, tracedCluster } from './cluster.js';
import { switchTracing } from './switch.js';

type Reach = Pick<WatchTarget, 'concurrency' | 'ssh'>;

/** Milliseconds of `90s`, `5m`, `2h`; throws BAD_DURATION. */
export function durationOf(value: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(value) ?? [];
  const ms = Number(count) * { s: 1_000, m: 60_000, h: 3_600_000 }[(unit ?? 's') as 's' | 'm' | 'h'];
  if (ms > 0 && ms <= 2 ** 31 - 1) return ms;
  throw WarrenError.of('BAD_DURATION', { value });
}

/** Forgets what was to be turned off in a vhost: somebody has decided anew. */
export async function forget(
  { state }: Surroundings,
  { target }: TracedCluster,
  vhost: string,
): Promise<void> {
  const wanted: Partial<PendingTrace> = target;
  for (const each of await pendingTraces(state)) {
    const same = each.vhost === vhost && each.cluster === wanted.cluster && each.url === wanted.url;
    if (same && each.owner === undefined) await removePending(state, each);
  }
}

export async function turnOffLater(
  surroundings: Surroundings,
  { target }: TracedCluster,
  vhost: string,
  forMs: number,
  program: readonly string[],
): Promise<Date> {
  const { state, transport, env, now } = surroundings;
  const until = now().getTime() + forMs;
  await addPending(state, { ...target, vhost, until });
  const [file, ...args] = program as [string, ...string[]];
  const variables = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  await transport.startDetached(file, args, {
    env: Object.fromEntries(variables),
    folder: process.cwd(),
    output: traceOutput(state),
  });
  return new Date(until);
}

/** Turns off what is overdue; what cannot be reached now stays for the next one who comes by. */
export async function finishDue(surroundings: Surroundings, reach: Reach): Promise<PendingTrace[]> {
  const finished: PendingTrace[] = [];
  for (const pending of await pendingTraces(surroundings.state)) {
    if (!isDue(pending, surroundings.now().getTime())) continue;
    if (await turnOff(pending, surroundings, reach)) finished.push(pending);
  }
  return finished;
}

const patienceMs = 15_000;

/** Waits for each, one after the other, and ends when nothing is left to wait for. */
export async function waitAndFinish(surroundings: Surroundings, reach: Reach): Promise<void> {
  const { state, now, signal } = surroundings;
  for (;;) {
    await finishDue(surroundings, reach);
    const left = (await pendingTraces(state)).flatMap(({ until }) => until ?? []);
    if (left.length === 0) return;
    const wait = Math.min(...left) - now().getTime();
    // Overdue is what could not be reached: tried again, a day long.
    if (wait < -24 * 3_600_000) return;
    await sleep(wait > 0 ? wait : patienceMs, undefined, { signal });
  }
}

async function turnOff(pending: PendingTrace, surroundings: Surroundings, reach: Reach): Promise<boolean> {
  const { cluster: name, url, vhost, nodes: only } = pending;
  try {
    const cluster = await tracedCluster({ cluster: name, url, ...reach }, surroundings);
    try {
      const nodes = cluster.nodes.filter(({ node }) => only?.includes(node) ?? true);
      await switchTracing(cluster, vhost, false, nodes);
    } finally {
      await cluster.close();
    }
  } catch (error) {
    // What does not run has lost its switch; what is gone has none.
    const gone = ['CLUSTER_NOT_FOUND', 'NO_NODE_ANSWERS', 'VHOST_NOT_FOUND'];
    if (!(error instanceof WarrenError && name !== undefined && gone.includes(error.code))) return false;
  }
  await removePending(surroundings.state, pending);
  return true;
}
