/**
 * `--for 5m`: what is to be turned off, and when, is written down; a process of its own waits for it, without a
 * terminal. Should it be killed, or the machine be restarted, the next `warren trace …` finds what is overdue
 * and finishes it.
 */
import { isAbsolute } from 'node:path';
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

/** Forgets what was to be turned off in a vhost, by time or with a `tail`: somebody has decided anew. */
export async function forget(
  surroundings: Surroundings,
  cluster: TracedCluster,
  vhost: string,
): Promise<void> {
  const all = await pendingTraces(surroundings.state);
  for (const each of all.filter(ofVhost(cluster, vhost))) await removePending(surroundings.state, each);
}

const ofVhost =
  ({ target }: TracedCluster, vhost: string) =>
  (each: PendingTrace): boolean => {
    const wanted: Partial<PendingTrace> = target;
    return each.vhost === vhost && each.cluster === wanted.cluster && each.url === wanted.url;
  };

/** The nodes that something else still wants traced, until its time comes or its process ends. */
export async function wantedNodes(
  { state, now }: Surroundings,
  cluster: TracedCluster,
  vhost: string,
  besides?: PendingTrace,
): Promise<string[]> {
  const others = (await pendingTraces(state)).filter(
    (each) => ofVhost(cluster, vhost)(each) && each.id !== besides?.id && !isDue(each, now().getTime()),
  );
  const all = cluster.nodes.map(({ node }) => node);
  return all.filter((node) => others.some(({ nodes }) => nodes?.includes(node) ?? true));
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
  const { cluster: name, url } = pending;
  try {
    const cluster = await tracedCluster({ cluster: name, url, ...reach }, surroundings);
    try {
      return await letGo(pending, cluster, surroundings);
    } finally {
      await cluster.close();
    }
  } catch (error) {
    if (!isGone(error, name)) return false;
    await removePending(surroundings.state, pending);
    return true;
  }
}

/** A node of this machine that does not run has lost its switch; one behind a cut cable has not. */
function isGone(error: unknown, cluster: string | undefined): boolean {
  if (!(error instanceof WarrenError) || cluster === undefined) return false;
  return error.code === 'CLUSTER_NOT_FOUND' || (error.code === 'NO_NODE_ANSWERS' && !isAbsolute(cluster));
}

/** Turns off what nothing else wants. False where a node failed to: the next one who comes by tries again. */
export async function letGo(
  pending: PendingTrace,
  cluster: TracedCluster,
  surroundings: Surroundings,
): Promise<boolean> {
  const { vhost, nodes: only } = pending;
  const { state } = surroundings;
  // Somebody has decided anew meanwhile.
  if (!(await pendingTraces(state)).some(({ id }) => id === pending.id)) return true;
  const wanted = await wantedNodes(surroundings, cluster, vhost, pending);
  const nodes = cluster.nodes.filter(({ node }) => (only?.includes(node) ?? true) && !wanted.includes(node));
  const switched = nodes.length === 0 ? [] : await switchTracing(cluster, vhost, false, nodes);
  const reached = new Set(nodes.flatMap(({ node, api }) => (api ? node : [])));
  if (switched.some(({ node, problem }) => problem !== undefined && reached.has(node))) return false;
  await removePending(state, pending);
  return true;
}
