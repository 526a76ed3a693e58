import { setTimeout as pause } from 'node:timers/promises';
import { WarrenError } from '../errors/warren-error.js';
import { type Backlog, backlogs } from '../watch/backlog.js';
import { rate, span } from '../watch/figures.js';
import type { NodeState, Snapshot } from '../watch/snapshot.js';
import type { Surroundings } from './surroundings.js';
import { openSource, type WatchTarget } from './watch/source.js';

export interface BacklogResult {
  readonly cluster: string;
  readonly queues: readonly (Backlog & { readonly rates: string; readonly outlook: string })[];
  /** What holds publishers back, and what a node has left, in words. */
  readonly cluster_wide: readonly string[];
}

/** Looks twice, so that growth is measured and not remembered; then says of each queue why it is long. */
export async function backlog(
  options: WatchTarget & { readonly seconds: number },
  surroundings: Surroundings,
): Promise<BacklogResult> {
  const { signal } = surroundings;
  const source = await openSource(options, surroundings);
  await source.look();
  await pause(options.seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
  const snapshot = await source.look({ clients: true });
  if (snapshot.blind !== undefined) {
    throw WarrenError.of('CLUSTER_BLIND', { cluster: snapshot.cluster, reason: snapshot.blind });
  }
  const queues = backlogs(snapshot).map((one) => ({ ...one, rates: ratesOf(one), outlook: outlookOf(one) }));
  return { cluster: snapshot.cluster, queues, cluster_wide: clusterWide(snapshot) };
}

function ratesOf({ incoming, outgoing, growth }: Backlog): string {
  const part = (value: number | undefined) => (value === undefined ? '?' : rate(value));
  return `${part(incoming)} in, ${part(outgoing)} out${growth === undefined ? '' : `, ${growth > 0 ? '+' : ''}${rate(growth)}`}`;
}

function outlookOf({ trend, emptyInMs, fullInMs, fullAt }: Backlog): string {
  if (fullInMs === 0) return `full (${fullAt})`;
  if (fullInMs !== undefined) return `full (${fullAt}) in ${span(fullInMs)}`;
  if (emptyInMs !== undefined) return `empty in ${span(emptyInMs)}`;
  return trend;
}

const dayMs = 86_400_000;

function clusterWide({ nodes, clients }: Snapshot): string[] {
  const blocked = clients?.blocked.filter(({ state }) => state !== 'flow').length ?? 0;
  const slowed = clients?.blocked.filter(({ state }) => state === 'flow').length ?? 0;
  const publishers = (count: number) => (count === 1 ? '1 publisher is' : `${count} publishers are`);
  return [
    ...nodes.flatMap(({ name, memoryAlarm, diskAlarm }) => [
      ...(memoryAlarm ? [`memory alarm on ${name}: nobody can publish until queues are drained`] : []),
      ...(diskAlarm ? [`disk alarm on ${name}: nobody can publish until space is free`] : []),
    ]),
    ...(blocked > 0 ? [`${publishers(blocked)} blocked by an alarm`] : []),
    ...(slowed > 0
      ? [`${publishers(slowed)} slowed down, since queues take less than they send (flow)`]
      : []),
    ...nodes.flatMap(runsOut),
  ];
}

/** A node whose disk goes on like this reaches its limit within a day. */
function runsOut({ name, disk, diskRate, diskAlarm }: NodeState): string[] {
  if (!disk || diskAlarm || diskRate === undefined || diskRate >= 0) return [];
  const leftMs = ((disk.value - disk.limit) * 1000) / -diskRate;
  return leftMs < dayMs
    ? [`the disk of ${name} reaches its limit in ${span(leftMs)}, if it goes on like this`]
    : [];
}
