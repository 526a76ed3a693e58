import { HostLock } from '../drivers/host-lock/host-lock.js';
import type { HostsContext } from '../phases/hosts/context.js';
import { lockHosts } from '../phases/hosts/lock-hosts.js';
import { look } from '../phases/hosts/look.js';
import { preflight, stopOnFindings } from '../phases/hosts/preflight/preflight.js';
import { type Proof, verify } from '../phases/hosts/verify.js';
import type { Phase } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { Audit } from './audit-run.js';
import { askFor, type ChangeOptions, type ChangeResult, dryRun, outcomeOf } from './change-hosts.js';
import { recorded } from './change-list.js';
import { hostReports } from './host-report.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

/**
 * A change to a cluster that stands already. As `changeHosts`, but what is to be
 * done, and on which hosts, is decided when all have been seen: a dead host is
 * often the reason, so only those that are to be changed must be reached. A dry
 * run is the first half of it; a run that was interrupted is taken up by the same
 * command, since each phase looks before it changes.
 */
export interface MemberChangeOptions extends Omit<ChangeOptions, 'limit' | 'resetNodes'> {
  readonly dryRun: boolean;
}

/** What is to be done, once the hosts have been seen. */
export interface Aim {
  readonly phases: readonly Phase<HostsContext>[];
  /** The hosts that are changed, by name: each must be reached. */
  readonly changes: readonly string[];
  /** An expert's checks come first, as before an apply. */
  readonly checked?: boolean;
  /** What they may find all the same, by its codes: the phases put it right. */
  readonly mends?: readonly string[];
  /** Real messages prove the cluster in the end. */
  readonly proves?: boolean;
  /** Said when it is done. */
  readonly after?: string;
}

export interface MemberChangeResult extends ChangeResult {
  readonly dryRun: boolean;
  readonly proof?: Proof['outcome'];
  readonly after?: string;
}

export async function changeMembers(
  options: MemberChangeOptions,
  surroundings: Surroundings,
  aimAt: (context: HostsContext) => Aim | Promise<Aim>,
  adjust: Pick<HostRunOptions, 'resetNodes'> = {},
): Promise<MemberChangeResult> {
  const began = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, stop.signal]);
  const { watch } = options;
  const { context: seen, close } = await hostRun({ ...options, ...adjust, signal }, surroundings);
  const lock = new HostLock(options.command, surroundings.now);
  try {
    await runPhases([look], seen, { signal, watch });
    const aim = await aimAt(seen);
    const context = aimed(seen, aim.changes);
    if (aim.checked) await runPhases([preflight], context, { signal, watch });
    const findings = context.findings.filter(({ code }) => !aim.mends?.includes(code));
    await runPhases([stopOnFindings], { ...context, findings }, { signal, watch });
    if (!options.dryRun) {
      await runPhases([lockHosts(lock)], context, { signal, watch });
      lock.keep((error) => stop.abort(error));
    }
    const outcome = await carryOut(context, aim, options, signal, surroundings);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    return {
      cluster: context.file.name,
      dryRun: options.dryRun,
      notes: context.findings,
      ...outcome,
      seconds,
    };
  } finally {
    await lock.release(seen.failures);
    await close();
  }
}

type Outcome = Omit<MemberChangeResult, 'cluster' | 'dryRun' | 'notes' | 'seconds'>;

async function carryOut(
  context: HostsContext,
  { phases, proves, after }: Aim,
  options: MemberChangeOptions,
  signal: AbortSignal,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { view } = context;
  const planned = await dryRun(phases, context, signal);
  context.view = view;
  if (options.dryRun) return { changes: planned, hosts: [], failed: false };
  await askFor(planned, options);
  const audit = new Audit(context, options.command, surroundings);
  const done = recorded(options.watch);
  const proof: Proof = {};
  context.changed = planned.length > 0;
  if (context.changed) await audit.begin(planned);
  const all = [...(context.changed ? phases : []), ...(proves ? [verify(proof)] : [])];
  const failure = await outcomeOf(() => runPhases(all, context, { signal, watch: done.watch }));
  const failed = failure !== undefined || context.failures.size > 0;
  await audit.end(failed, failure, done.changes);
  return {
    changes: done.changes,
    hosts: hostReports(context, planned, done),
    failed,
    ...(failure ? { failure } : {}),
    ...(proof.outcome ? { proof: proof.outcome } : {}),
    ...(after ? { after } : {}),
  };
}

/** A host that cannot be reached and is not to be changed is left out, with a note. */
function aimed(seen: HostsContext, changes: readonly string[]): HostsContext {
  const limit = new Set(changes);
  const gone = seen.hosts
    .map(({ name }) => name)
    .filter((name) => seen.failures.has(name) && !limit.has(name));
  for (const name of gone) seen.failures.delete(name);
  const findings = seen.findings.map((one) =>
    limit.has(one.host) ? one : { ...one, weight: 'note' as const },
  );
  return { ...seen, limit, findings, hosts: seen.hosts.filter(({ name }) => !gone.includes(name)) };
}
