import { HostLock } from '../drivers/host-lock/host-lock.js';
import type { Finding, HostsContext } from '../phases/hosts/context.js';
import { lockHosts } from '../phases/hosts/lock-hosts.js';
import { look } from '../phases/hosts/look.js';
import { preflight, stopOnFindings } from '../phases/hosts/preflight/preflight.js';
import { type Proof, verify } from '../phases/hosts/verify.js';
import type { Phase, PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { Audit } from './audit-run.js';
import { type ChangeList, recorded } from './change-list.js';
import { type HostReport, hostReports } from './host-report.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

/**
 * A change to a cluster that stands already. The way is always the same: look at
 * all hosts, take aim (which hosts will be changed, and which may be unreachable,
 * since a dead host is often the reason), lock, go through the phases with the
 * door shut, ask about what takes something away, and go through them again with
 * the door open. So a dry run is the first half, and a run that was interrupted
 * is taken up by the same command: each phase looks before it changes.
 */
export interface HostChangeOptions extends Omit<HostRunOptions, 'limit' | 'resetNodes'> {
  readonly command: string;
  readonly watch: PhaseWatcher;
  readonly dryRun: boolean;
  /** Asked before something is taken away; throws to say no. */
  readonly confirm: (consequences: readonly string[]) => Promise<void>;
}

/** What is to be done, once the hosts have been seen. */
export interface Aim {
  readonly phases: readonly Phase<HostsContext>[];
  /** The hosts that are changed, by name: each must be reached. */
  readonly changes: readonly string[];
  /** An expert's checks come first, as before an apply. */
  readonly checked?: boolean;
  /** Real messages prove the cluster in the end. */
  readonly proves?: boolean;
  /** Said when it is done. */
  readonly after?: string;
}

export interface HostChangeResult {
  readonly cluster: string;
  readonly dryRun: boolean;
  readonly changes: ChangeList;
  readonly hosts: readonly HostReport[];
  readonly failed: boolean;
  readonly notes: readonly Finding[];
  readonly proof?: Proof['outcome'];
  readonly after?: string;
  readonly seconds: number;
}

export async function changeHosts(
  options: HostChangeOptions,
  surroundings: Surroundings,
  aimAt: (context: HostsContext) => Aim | Promise<Aim>,
  adjust: Pick<HostRunOptions, 'resetNodes'> = {},
): Promise<HostChangeResult> {
  const began = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, stop.signal]);
  const { context: seen, close } = await hostRun({ ...options, ...adjust, signal }, surroundings);
  const lock = new HostLock({ command: options.command, now: surroundings.now });
  try {
    await runPhases([look], seen, { signal, watch: options.watch });
    const aim = await aimAt(seen);
    const context = aimed(seen, aim.changes);
    const guards = aim.checked ? [preflight, stopOnFindings] : [stopOnFindings];
    await runPhases(guards, context, { signal, watch: options.watch });
    if (!options.dryRun) {
      await runPhases([lockHosts(lock)], context, { signal, watch: options.watch });
      lock.keep((error) => stop.abort(error));
    }
    const outcome = await carryOut(context, aim, options, signal, surroundings);
    return {
      cluster: context.file.name,
      dryRun: options.dryRun,
      notes: context.findings,
      ...(aim.after ? { after: aim.after } : {}),
      ...outcome,
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    await lock.release();
    await close();
  }
}

type Outcome = Pick<HostChangeResult, 'changes' | 'hosts' | 'failed' | 'proof'>;

async function carryOut(
  context: HostsContext,
  aim: Aim,
  options: HostChangeOptions,
  signal: AbortSignal,
  surroundings: Surroundings,
): Promise<Outcome> {
  const planned = recorded(() => {});
  const { view } = context;
  await runPhases(aim.phases, context, { dryRun: true, signal, watch: planned.watch });
  context.restarts.clear();
  context.view = view;
  if (options.dryRun) return { changes: planned.changes, hosts: [], failed: false };
  const asked = planned.changes.flatMap(({ host, asks }) => (asks ? [host ? `${host}: ${asks}` : asks] : []));
  if (asked.length > 0) await options.confirm(asked);
  const audit = new Audit(context, options.command, surroundings);
  const done = recorded(options.watch);
  const proof: Proof = {};
  try {
    if (planned.changes.length > 0) {
      await audit.begin();
      await runPhases(aim.phases, context, { signal, watch: done.watch });
    }
    if (aim.proves) await runPhases([verify(proof)], context, { signal, watch: options.watch });
  } catch (error) {
    await audit.failed(error);
    throw error;
  }
  const failed = context.failures.size > 0;
  await audit.end(failed ? 'failed' : planned.changes.length > 0 ? 'done' : 'nothing to do', done.changes);
  const hosts = hostReports(context, planned.changes, done.changes);
  return { changes: done.changes, hosts, failed, ...(proof.outcome ? { proof: proof.outcome } : {}) };
}

/** A host that cannot be reached and is not to be changed is left out, with a note. */
function aimed(seen: HostsContext, changes: readonly string[]): HostsContext {
  const limit = new Set(changes);
  const out = (name: string) => seen.failures.has(name) && !limit.has(name);
  const gone = seen.hosts.filter(({ name }) => out(name)).map(({ name }) => name);
  for (const name of gone) seen.failures.delete(name);
  const findings = seen.findings.map((one) =>
    limit.has(one.host) ? one : { ...one, weight: 'note' as const },
  );
  return { ...seen, limit, findings, hosts: seen.hosts.filter(({ name }) => !gone.includes(name)) };
}
