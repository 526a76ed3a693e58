import { HostLock } from '../drivers/host-lock/host-lock.js';
import { WarrenError } from '../errors/warren-error.js';
import { applyDefinitions } from '../phases/hosts/apply-definitions.js';
import { configureBrokers } from '../phases/hosts/configure-brokers.js';
import { configureHaproxy } from '../phases/hosts/configure-haproxy.js';
import { configureKeepalived } from '../phases/hosts/configure-keepalived.js';
import type { HostsContext } from '../phases/hosts/context.js';
import { distributeCookie } from '../phases/hosts/distribute-cookie.js';
import { enableFeatureFlags } from '../phases/hosts/enable-feature-flags.js';
import { enablePlugins } from '../phases/hosts/enable-plugins.js';
import { installPackages } from '../phases/hosts/install-packages.js';
import { joinNodes } from '../phases/hosts/join-nodes.js';
import { keepSecrets } from '../phases/hosts/keep-secrets.js';
import { lockHosts } from '../phases/hosts/lock-hosts.js';
import { look } from '../phases/hosts/look.js';
import { writeNames } from '../phases/hosts/names.js';
import { preflight, stopOnFindings } from '../phases/hosts/preflight/preflight.js';
import { restartNodes } from '../phases/hosts/restart-nodes.js';
import { startNodes } from '../phases/hosts/start-nodes.js';
import { type Proof, verify } from '../phases/hosts/verify.js';
import type { Phase, PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { Audit } from './audit-run.js';
import { type ChangeList, recorded } from './change-list.js';
import { type HostReport, hostReports } from './host-report.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

/** What makes a cluster out of blank hosts, in order; each by the word that --only and --skip know it by. */
const buildPhases = {
  packages: installPackages,
  names: writeNames,
  secrets: keepSecrets,
  cookie: distributeCookie,
  configuration: configureBrokers,
  start: startNodes,
  join: joinNodes,
  restart: restartNodes,
  plugins: enablePlugins,
  'feature-flags': enableFeatureFlags,
  definitions: applyDefinitions,
  haproxy: configureHaproxy,
  keepalived: configureKeepalived,
} as const satisfies Record<string, Phase<HostsContext>>;

export interface ApplyOptions extends HostRunOptions {
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  readonly command: string;
  readonly watch: PhaseWatcher;
  /** Asked before something is taken away from those who use the cluster now; throws to say no. */
  readonly confirm: (consequences: readonly string[]) => Promise<void>;
}

export interface ApplyResult {
  readonly cluster: string;
  readonly changes: ChangeList;
  readonly hosts: readonly HostReport[];
  readonly failed: boolean;
  readonly notes: HostsContext['findings'];
  readonly proof?: Proof['outcome'];
  readonly seconds: number;
}

/** Makes the hosts what the cluster file says, or what is missing of it, and proves it. */
export async function apply(options: ApplyOptions, surroundings: Surroundings): Promise<ApplyResult> {
  const began = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, stop.signal]);
  const { context, close } = await hostRun({ ...options, signal }, surroundings);
  const phases = chosenPhases(options);
  const lock = new HostLock({ command: options.command, now: surroundings.now });
  const audit = new Audit(context, options.command, surroundings);
  const runner = { signal, watch: options.watch };
  const proof: Proof = {};
  try {
    await runPhases([look, preflight, stopOnFindings, lockHosts(lock)], context, runner);
    lock.keep((error) => stop.abort(error));
    const planned = await dryRun(phases, context, signal);
    await askFor(planned, options);
    const done = recorded(options.watch);
    if (planned.length > 0) {
      await audit.begin();
      await runPhases(phases, context, { signal, watch: done.watch });
    }
    if (verifies(options)) await runPhases([verify(proof)], context, runner);
    const failed = context.failures.size > 0;
    await audit.end(failed ? 'failed' : planned.length > 0 ? 'done' : 'nothing to do', done.changes);
    return {
      cluster: context.file.name,
      changes: done.changes,
      hosts: hostReports(context, planned, done.changes),
      failed,
      notes: context.findings,
      ...(proof.outcome ? { proof: proof.outcome } : {}),
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } catch (error) {
    await audit.failed(error);
    throw error;
  } finally {
    await lock.release();
    await close();
  }
}

/** The same phases with the door shut: what they would do. */
async function dryRun(
  phases: readonly Phase<HostsContext>[],
  context: HostsContext,
  signal: AbortSignal,
): Promise<ChangeList> {
  const planned = recorded(() => {});
  await runPhases(phases, context, { dryRun: true, signal, watch: planned.watch });
  context.restarts.clear();
  return planned.changes;
}

async function askFor(planned: ChangeList, { confirm }: ApplyOptions): Promise<void> {
  const consequences = planned.flatMap(({ host, asks }) => (asks ? [host ? `${host}: ${asks}` : asks] : []));
  if (consequences.length > 0) await confirm(consequences);
}

export function chosenPhases({ only, skip }: Pick<ApplyOptions, 'only' | 'skip'>): Phase<HostsContext>[] {
  const known = [...Object.keys(buildPhases), 'verify'];
  for (const phase of [...(only ?? []), ...(skip ?? [])]) {
    if (!known.includes(phase)) throw WarrenError.of('UNKNOWN_PHASE', { phase, known });
  }
  return Object.entries(buildPhases)
    .filter(([id]) => chosen(id, { only, skip }))
    .map(([, phase]) => phase);
}

function verifies(options: ApplyOptions): boolean {
  return chosen('verify', options);
}

function chosen(id: string, { only, skip }: Pick<ApplyOptions, 'only' | 'skip'>): boolean {
  return (only === undefined || only.includes(id)) && !skip?.includes(id);
}
