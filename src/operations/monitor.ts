import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from '../drivers/local-state/lock.js';
import { readState, writeState } from '../drivers/monitor-state/state-file.js';
import { reportOf, WarrenError } from '../errors/warren-error.js';
import type { Alert } from '../watch/alerts/alert.js';
import { headline, type Notification, notificationOf } from '../watch/alerts/notification.js';
import { step } from '../watch/alerts/step.js';
import { evaluate } from '../watch/evaluate.js';
import { readRules } from '../watch/rules/read.js';
import type { RulesFile } from '../watch/rules/rules-file.js';
import type { Place, Snapshot } from '../watch/snapshot.js';
import type { Surroundings } from './surroundings.js';
import { type Delivery, deliver } from './watch/outbox.js';
import { openSource, type Source, type WatchTarget } from './watch/source.js';
import { receiversOf } from './watch/tell.js';

/**
 * Looks at the cluster, lets the rules say what they think of it, and tells what
 * has begun and ended. All that it knows is in one file, which is written before
 * anybody is told: started again, wherever it was stopped, it goes on from there
 * and tells nothing twice.
 */
export interface MonitorOptions extends WatchTarget {
  readonly rules?: string | undefined;
  readonly state?: string | undefined;
  /** One look, for those who have a timer of their own. */
  readonly once: boolean;
  readonly command: string;
  readonly tell: (line: MonitorLine) => void;
}

export type MonitorLine =
  | {
      readonly kind: 'begun';
      readonly cluster: string;
      readonly rules: number;
      readonly state: string;
      readonly open: number;
    }
  | { readonly kind: 'event'; readonly notification: Notification; readonly headline: string }
  | { readonly kind: 'trouble'; readonly problem: string; readonly next: string };

export interface MonitorResult {
  readonly cluster: string;
  readonly alerts: readonly Alert[];
  readonly undelivered: number;
}

interface State {
  readonly version: 1;
  readonly alerts: readonly Alert[];
  readonly outbox: readonly Delivery[];
}

const nothingYet: State = { version: 1, alerts: [], outbox: [] };

export async function monitor(options: MonitorOptions, surroundings: Surroundings): Promise<MonitorResult> {
  const rules = await readRules(options.rules);
  const ways = await receiversOf(rules.receivers, surroundings.env);
  const source = await openSource(options, surroundings);
  const first = await source.look();
  const file = options.state ?? join(surroundings.state, 'monitor', `${nameOf(first.place)}.json`);
  const { command } = options;
  const request = { file: `${file}.lock`, cluster: first.cluster, command, now: surroundings.now };
  return withLock(request, () => watch(first, { source, rules, ways, file, options, surroundings }));
}

interface Watch {
  readonly source: Source;
  readonly rules: RulesFile;
  readonly ways: Awaited<ReturnType<typeof receiversOf>>;
  readonly file: string;
  readonly options: MonitorOptions;
  readonly surroundings: Surroundings;
}

async function watch(first: Snapshot, the: Watch): Promise<MonitorResult> {
  const { options, rules, file, surroundings } = the;
  let state = (await readState<State>(file)) ?? nothingYet;
  const open = state.alerts.filter(({ state: one }) => one === 'firing' || one === 'clearing').length;
  options.tell({ kind: 'begun', cluster: first.cluster, rules: rules.rules.length, state: file, open });
  for (let snapshot: Snapshot | undefined = first; ; ) {
    if (snapshot) state = await turn(state, snapshot, the);
    if (options.once || surroundings.signal.aborted) break;
    await pause(rules.intervalMs, undefined, { signal: surroundings.signal }).catch(() => {});
    if (surroundings.signal.aborted) break;
    snapshot = await lookAgain(the);
  }
  return { cluster: first.cluster, alerts: state.alerts, undelivered: state.outbox.length };
}

/** What keeps it from looking is said, and is no reason to stop: it may pass. */
async function lookAgain({ source, options, surroundings }: Watch): Promise<Snapshot | undefined> {
  try {
    return await source.look();
  } catch (error) {
    if (surroundings.signal.aborted) return undefined;
    const { message: problem, next } = reportOf(error);
    options.tell({ kind: 'trouble', problem, next });
    return undefined;
  }
}

async function turn(
  before: State,
  snapshot: Snapshot,
  { rules, ways, file, options, surroundings }: Watch,
): Promise<State> {
  const { alerts, events } = step(before.alerts, evaluate(snapshot, rules.rules), rules, snapshot.at);
  const told = events.map((event) => ({ event, notification: notificationOf(snapshot.cluster, event) }));
  const added = told.flatMap(({ event, notification }) =>
    [...ways.keys()]
      .filter((receiver) => event.notify?.includes(receiver) ?? true)
      .map((receiver): Delivery => ({ receiver, notification, tries: 0, notBefore: 0 })),
  );
  const state: State = { version: 1, alerts, outbox: [...before.outbox, ...added] };
  await writeState(file, state);
  for (const { notification } of told)
    options.tell({ kind: 'event', notification, headline: headline(notification) });
  if (state.outbox.length === 0) return state;
  const { left, failures } = await deliver(state.outbox, ways, () => surroundings.now().getTime());
  for (const { receiver, reason } of failures) {
    const { message: problem, report } = WarrenError.of('NOTIFICATION_FAILED', { receiver, reason });
    options.tell({ kind: 'trouble', problem, next: report.next });
  }
  const after = { ...state, outbox: left };
  await writeState(file, after);
  return after;
}

/** The name of the state's file: each cluster has its own. */
function nameOf(place: Place): string {
  const name = { local: 'cluster', hosts: 'file', url: 'url' }[place.kind];
  const text =
    place.kind === 'local' ? place.cluster : place.kind === 'hosts' ? basename(place.file) : place.url;
  return `${name}-${text.replace(/^\w+:\/\//, '').replaceAll(/[^\w.-]/g, '_')}`;
}
