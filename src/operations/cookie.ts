import { createHash } from 'node:crypto';
import { SecretText } from '../cluster-file/secret.js';
import {
  type CookieFile,
  cookieFiles,
  cookieInMemory,
  rabbitmqCookie,
} from '../drivers/cookie/cookie-files.js';
import { WarrenError } from '../errors/warren-error.js';
import { type Broker, brokersOf, type HostsContext, transportOf } from '../phases/hosts/context.js';
import { distributeCookie } from '../phases/hosts/distribute-cookie.js';
import { eachHost } from '../phases/hosts/each-host.js';
import { look } from '../phases/hosts/look.js';
import { narrowed } from '../phases/hosts/narrowed.js';
import { runs } from '../phases/hosts/node-state.js';
import { rotateCookie } from '../phases/hosts/rotate-cookie.js';
import { startNodes } from '../phases/hosts/start-nodes.js';
import type { PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { changeMembers, type MemberChangeOptions, type MemberChangeResult } from './change-members.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

/** One cookie of a host, by its hash, and what is wrong with it. */
interface CookieView {
  readonly host: string;
  /** Its file, or `memory` for what the running node uses. */
  readonly place: string;
  readonly owner?: string;
  readonly mode?: string;
  readonly sha256: string;
  readonly problem?: string;
}

export interface CookieCheckResult {
  readonly cluster: string;
  readonly cookies: readonly CookieView[];
  readonly problems: readonly string[];
  readonly ok: boolean;
}

/** Compares the cookies of all hosts and homes, and what the running nodes really use; no cookie is read. */
export async function checkCookies(
  options: HostRunOptions & { readonly watch: PhaseWatcher },
  surroundings: Surroundings,
): Promise<CookieCheckResult> {
  const { context, close } = await hostRun(options, surroundings);
  try {
    await runPhases([look], context, { signal: surroundings.signal, watch: options.watch });
    const seen = new Map<string, CookieView[]>();
    await eachHost(context, brokersOf(context), 'Compare the cookies', async (broker) => {
      seen.set(broker.name, await cookiesOf(context, broker));
    });
    const views = brokersOf(context).flatMap(({ name }) => seen.get(name) ?? []);
    const wanted = mostCommon(views);
    const cookies = views.map((view) => judged(view, wanted));
    const failures = [...context.failures].map(([host, { report }]) => `${host}: ${report.message}`);
    const missing = brokersOf(context)
      .filter(({ name }) => seen.has(name) && !seen.get(name)!.some(({ place }) => place === rabbitmqCookie))
      .map(({ name }) => `${name}: it has no ${rabbitmqCookie}`);
    const wrong = cookies.flatMap(({ host, place, problem }) =>
      problem ? [`${host}: ${place} ${problem}`] : [],
    );
    const problems = [...failures, ...missing, ...wrong];
    return { cluster: context.file.name, cookies, problems, ok: problems.length === 0 };
  } finally {
    await close();
  }
}

async function cookiesOf(context: HostsContext, broker: Broker): Promise<CookieView[]> {
  const transport = transportOf(context, broker);
  const { signal } = context;
  const running = runs(context.facts.get(broker.name)!);
  const [files, memory] = await Promise.all([
    cookieFiles(transport, broker.ssh.user, signal),
    running ? cookieInMemory(transport, signal) : undefined,
  ]);
  const host = broker.name;
  return [
    ...files.map((file) => ({
      host,
      place: file.path,
      owner: file.owner,
      mode: octal(file),
      sha256: file.sha256,
    })),
    ...(running ? [{ host, place: 'memory', sha256: memory ?? '' }] : []),
  ];
}

/** What the file of most hosts has: a single other one is the culprit. */
function mostCommon(views: readonly CookieView[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { place, sha256 } of views) {
    if (place === rabbitmqCookie) counts.set(sha256, (counts.get(sha256) ?? 0) + 1);
  }
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
}

function judged(view: CookieView, wanted: string | undefined): CookieView {
  const problem = problemOf(view, wanted);
  return problem === undefined ? view : { ...view, problem };
}

function problemOf(
  { place, owner, mode, sha256 }: CookieView,
  wanted: string | undefined,
): string | undefined {
  if (place === 'memory') {
    if (sha256 === '') return 'is not to be had: the running node does not let its own tools in';
    return sha256 === wanted ? undefined : 'of the running node is another cookie than the others have';
  }
  if (sha256 !== wanted) return 'is another cookie than the others have';
  if (place !== rabbitmqCookie)
    return mode === '400' || mode === '600' ? undefined : `has mode ${mode}: others can read it`;
  if (owner !== 'rabbitmq') return `belongs to ${owner}: RabbitMQ cannot read it`;
  return mode === '400' || mode === '600'
    ? undefined
    : `has mode ${mode}: RabbitMQ takes none that others can read`;
}

function octal({ mode }: CookieFile): string {
  return mode.toString(8).padStart(3, '0');
}

export interface DistributeOptions extends MemberChangeOptions {
  /** The host whose cookie all are to have; the cluster file's first when left out. */
  readonly from?: string | undefined;
}

/** Gives every broker the cookie of one of them. A node that runs with another one is stopped for it. */
export function distribute(
  options: DistributeOptions,
  surroundings: Surroundings,
): Promise<MemberChangeResult> {
  return changeMembers(options, surroundings, async (context) => {
    const brokers = brokersOf(context);
    const known = brokers.map(({ name }) => name);
    const from = options.from ?? known[0]!;
    const holder = brokers.find(({ name }) => name === from);
    if (!holder) throw WarrenError.of('UNKNOWN_HOST', { host: from, known });
    const text = context.transports.has(from)
      ? await transportOf(context, holder).readFile(rabbitmqCookie)
      : undefined;
    const value = text?.replace(/\n+$/, '');
    if (!value) throw WarrenError.of('NO_COOKIE', { host: from });
    const given = {
      value: new SecretText(value),
      sha256: createHash('sha256').update(value).digest('hex'),
      from,
    };
    const phase = narrowed(distributeCookie, (seen) => ({ ...seen, cookie: { given } }));
    return { changes: known, phases: [phase, startNodes] };
  });
}

/** A new cookie for all, without a node being stopped if that can be. */
export function rotate(
  options: MemberChangeOptions,
  surroundings: Surroundings,
): Promise<MemberChangeResult> {
  return changeMembers(options, surroundings, (context) => ({
    changes: brokersOf(context).map(({ name }) => name),
    phases: [rotateCookie],
    proves: true,
  }));
}
