import { HostLock } from '../drivers/host-lock/host-lock.js';
import { type ErrorReport, reportOf } from '../errors/warren-error.js';
import type { HostsContext } from '../phases/hosts/context.js';
import { lockHosts } from '../phases/hosts/lock-hosts.js';
import { look } from '../phases/hosts/look.js';
import { preflight, stopOnFindings } from '../phases/hosts/preflight/preflight.js';
import type { Phase, PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { Audit } from './audit-run.js';
import { type ChangeList, recorded } from './change-list.js';
import { type HostReport, hostReports } from './host-report.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

/** How an operation that changes hosts is run, whatever it changes. */
export interface ChangeOptions extends HostRunOptions {
  /** As it was typed, for the lock and the audit log. */
  readonly command: string;
  readonly watch: PhaseWatcher;
  /** Asked before something is taken away from those who use the cluster now; throws to say no. */
  readonly confirm: (consequences: readonly string[]) => Promise<void>;
}

/** What an operation does to the hosts, and how it proves that it did. */
export interface HostChange {
  readonly phases: readonly Phase<HostsContext>[];
  /** Run in any case, also when nothing had to be changed. */
  readonly proof: readonly Phase<HostsContext>[];
}

export interface ChangeResult {
  readonly cluster: string;
  readonly changes: ChangeList;
  readonly hosts: readonly HostReport[];
  readonly failed: boolean;
  /** What stopped the cluster as a whole, besides single hosts that failed. */
  readonly failure?: ErrorReport;
  readonly notes: HostsContext['findings'];
  readonly seconds: number;
}

/**
 * Looks at the hosts, sees that nothing stands in the way, locks them, walks
 * the phases with the door shut, asks if something of that needs a word, and
 * walks them again with the door open. An error before the first change is
 * thrown; after it, it is part of the report on what was done and what was not.
 */
export async function changeHosts(
  options: ChangeOptions,
  change: HostChange,
  surroundings: Surroundings,
): Promise<ChangeResult> {
  const began = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, stop.signal]);
  const { context, close } = await hostRun({ ...options, signal }, surroundings);
  const lock = new HostLock(options.command, surroundings.now);
  const audit = new Audit(context, options.command, surroundings);
  const { watch } = options;
  try {
    await runPhases([look, preflight, stopOnFindings, lockHosts(lock)], context, { signal, watch });
    lock.keep((error) => stop.abort(error));
    const planned = await dryRun(change.phases, context, signal);
    await askFor(planned, options);
    const done = recorded(watch);
    context.changed = planned.length > 0;
    if (context.changed) await audit.begin(planned);
    const phases = [...(context.changed ? change.phases : []), ...change.proof];
    const failure = await outcomeOf(() => runPhases(phases, context, { signal, watch: done.watch }));
    const failed = failure !== undefined || context.failures.size > 0;
    await Promise.all([audit.end(failed, failure, done.changes), lock.release(context.failures)]);
    return {
      cluster: context.file.name,
      changes: done.changes,
      hosts: hostReports(context, planned, done),
      failed,
      ...(failure ? { failure } : {}),
      notes: context.findings,
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    await lock.release(context.failures);
    await close();
  }
}

/** The same phases with the door shut: what they would do. */
export async function dryRun(
  phases: readonly Phase<HostsContext>[],
  context: HostsContext,
  signal: AbortSignal,
): Promise<ChangeList> {
  const planned = recorded(() => {});
  await runPhases(phases, context, { dryRun: true, signal, watch: planned.watch });
  context.restarts.clear();
  return planned.changes;
}

export async function askFor(
  planned: ChangeList,
  { confirm }: Pick<ChangeOptions, 'confirm'>,
): Promise<void> {
  const consequences = planned.flatMap(({ host, asks }) => (asks ? [host ? `${host}: ${asks}` : asks] : []));
  if (consequences.length > 0) await confirm(consequences);
}

export async function outcomeOf(work: () => Promise<void>): Promise<ErrorReport | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return reportOf(error);
  }
}
