import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { hostsOf } from '../cluster-file/hosts.js';
import { resolveSecret } from '../cluster-file/resolve-secret.js';
import type { SshOptions } from '../drivers/transport/ssh/target.js';
import type { SshTransport } from '../drivers/transport/ssh/transport.js';
import { WarrenError } from '../errors/warren-error.js';
import { noView } from '../phases/hosts/cluster-view.js';
import type { CookieSource, HostsContext } from '../phases/hosts/context.js';
import { HostSecrets } from '../phases/hosts/secrets.js';
import { openNetwork, targetOf } from './open-host.js';
import type { Surroundings } from './surroundings.js';

export interface HostRunOptions {
  readonly file: ClusterFile;
  /** The hosts that may be changed, by name; all when left out. */
  readonly limit?: readonly string[] | undefined;
  readonly concurrency: number;
  readonly resetNodes?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long a node may think about its view of the cluster: one that is frozen never answers. */
  readonly patienceMs?: number;
  readonly ssh: SshOptions;
}

/** For who only looks: a node that is frozen is soon told of, and one on a busy host has time to answer. */
export const lookerPatienceMs = 5_000;

/** A run's context, and the way to let go of all that it opened. */
export interface HostRun {
  readonly context: HostsContext;
  close(): Promise<void>;
}

/** Begins an operation on the hosts of a cluster file; nothing is connected yet. */
export async function hostRun(
  options: HostRunOptions,
  { env, now, state, signal }: Surroundings,
): Promise<HostRun> {
  const { file } = options;
  const hosts = hostsOf(file);
  if (!hosts.some(({ roles }) => roles.includes('broker'))) {
    throw WarrenError.of('NO_REMOTE_NODES', { file: file.file });
  }
  const known = hosts.map(({ name }) => name);
  for (const name of [...(options.limit ?? []), ...(options.resetNodes ?? [])]) {
    if (!known.includes(name)) throw WarrenError.of('UNKNOWN_HOST', { host: name, known });
  }
  const transports = new Map<string, SshTransport>();
  const network = await openNetwork(options.ssh);
  const context: HostsContext = {
    file,
    hosts,
    limit: new Set(options.limit ?? known),
    concurrency: options.concurrency,
    env,
    now,
    signal: options.signal ?? signal,
    patienceMs: options.patienceMs ?? 10_000,
    open: async (host) => network.transport(await targetOf(host, env)),
    connect: (host, address, port) => (transports.get(host.name) as SshTransport).connect(address, port),
    resettable: new Set(options.resetNodes ?? []),
    exports: join(state, 'exports', file.name),
    transports,
    facts: new Map(),
    findings: [],
    failures: new Map(),
    putOff: [],
    secrets: new HostSecrets(env),
    cookie: await cookieOf(file, env),
    stopped: new Set(),
    view: noView,
    changed: false,
    restarts: new Map(),
  };
  return { context, close: () => network.close() };
}

async function cookieOf(file: ClusterFile, env: HostsContext['env']): Promise<CookieSource> {
  const { cookie } = file.rabbitmq;
  if (cookie.from === 'generate') return {};
  const generated = async (): Promise<never> => {
    throw new TypeError('a cookie of the file is not generated');
  };
  const value = await resolveSecret(cookie, { key: 'cookie', what: 'the Erlang cookie' }, { env, generated });
  return { given: { value, sha256: createHash('sha256').update(value.reveal()).digest('hex') } };
}
