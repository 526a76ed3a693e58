import type { Host } from '../cluster-file/hosts.js';
import { answersAmqp } from '../drivers/amqp/greeting.js';
import { WarrenError } from '../errors/warren-error.js';
import { type HostsContext, hostsWith } from '../phases/hosts/context.js';
import { look } from '../phases/hosts/look.js';
import { patience, systemdOf } from '../phases/hosts/services.js';
import { holders } from '../phases/hosts/virtual-address.js';
import type { PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { wait } from '../phases/wait.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

/**
 * Stops HAProxy on the balancer that holds the virtual address, and watches
 * from another host, as a client would: every few milliseconds a connection to
 * the address, until it answers again. Then HAProxy is started again, and the
 * same is watched for a while: who has the address now must keep it. HAProxy is
 * started again whatever happens in between.
 */
export interface DrillOptions extends HostRunOptions {
  readonly watch: PhaseWatcher;
  /** Throws to say no. */
  readonly confirm: (question: string) => Promise<void>;
}

export interface DrillResult {
  readonly cluster: string;
  readonly address: string;
  readonly watchedFrom: string;
  readonly stoppedOn: string;
  readonly tookOver: string;
  /** From the stop until the address answered again. */
  readonly awaySeconds: number;
  /** How long the address did not answer when HAProxy was back, all in all. */
  readonly awayOnReturnSeconds: number;
  readonly holder: string;
}

const patienceMs = 15_000;
const returnMs = 6_000;
const tryMs = 300;
const pauseMs = 20;

export async function lbDrill(options: DrillOptions, surroundings: Surroundings): Promise<DrillResult> {
  const { file } = options;
  const address = file.front_end?.virtual_addresses[0]?.address;
  if (!file.front_end) throw WarrenError.of('NO_FRONT_END', { file: file.file });
  if (address === undefined || file.front_end.hosts.length < 2) {
    throw WarrenError.of('NOTHING_TO_DRILL', { file: file.file });
  }
  const { context, close } = await hostRun(options, surroundings);
  try {
    await runPhases([look], context, { signal: context.signal, watch: options.watch });
    const holder = await soleHolder(context, address);
    const from = vantage(context, holder);
    const target = { address, port: file.front_end.haproxy.amqp_port };
    if (!(await reaches(context, from, target)))
      throw WarrenError.of('ADDRESS_SILENT', { ...target, from: from.name });
    await options.confirm(
      `Stop HAProxy on ${holder.name}: its connections are cut, and ${address} moves to another balancer. Go on?`,
    );
    const watched = await blow(context, holder, from, target);
    return { cluster: file.name, address, watchedFrom: from.name, stoppedOn: holder.name, ...watched };
  } finally {
    await close();
  }
}

interface Target {
  readonly address: string;
  readonly port: number;
}

async function blow(context: HostsContext, holder: Host, from: Host, target: Target) {
  let stopped = false;
  try {
    const began = performance.now();
    stopped = true;
    await systemdOf(context, holder).stop('haproxy', patience(context));
    const awaySeconds = await untilAnswer(context, from, target, began);
    const tookOver = (await soleHolder(context, target.address)).name;
    await systemdOf(context, holder).start('haproxy', patience(context));
    stopped = false;
    const awayOnReturnSeconds = await interruptions(context, from, target);
    const now = await soleHolder(context, target.address);
    return { tookOver, awaySeconds, awayOnReturnSeconds, holder: now.name };
  } finally {
    // Also after Ctrl-C: the context's signal must not keep HAProxy from being started.
    if (stopped) await systemdOf(context, holder).start('haproxy');
  }
}

async function untilAnswer(
  context: HostsContext,
  from: Host,
  target: Target,
  began: number,
): Promise<number> {
  while (performance.now() - began < patienceMs) {
    if (await reaches(context, from, target)) return seconds(performance.now() - began);
    await wait(pauseMs, context.signal);
  }
  throw WarrenError.of('ADDRESS_SILENT', { ...target, from: from.name });
}

async function interruptions(context: HostsContext, from: Host, target: Target): Promise<number> {
  const until = performance.now() + returnMs;
  let [away, last] = [0, performance.now()];
  while (performance.now() < until) {
    const answered = await reaches(context, from, target);
    const now = performance.now();
    if (!answered) away += now - last;
    last = now;
    await wait(pauseMs, context.signal);
  }
  return seconds(away);
}

async function reaches(context: HostsContext, from: Host, { address, port }: Target): Promise<boolean> {
  return answersAmqp(() => context.connect(from, address, port), tryMs);
}

async function soleHolder(context: HostsContext, address: string): Promise<Host> {
  const names = (await holders(context)).get(address) ?? [];
  const [only] = hostsWith(context, 'balancer').filter(({ name }) => names.includes(name));
  if (!only || names.length !== 1) throw WarrenError.of('ADDRESS_HOLDERS', { address, hosts: names });
  return only;
}

/** A broker's host, or else a balancer that does not hold the address: there a client could stand. */
function vantage(context: HostsContext, holder: Host): Host {
  const reached = context.hosts.filter(({ name }) => name !== holder.name && context.transports.has(name));
  return reached.find(({ roles }) => roles.includes('broker')) ?? reached[0]!;
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
