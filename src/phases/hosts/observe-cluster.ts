import type { ManagementApi } from '../../drivers/management-api/client.js';
import type { ApiFeatureFlag, ApiNode, ApiOverview } from '../../drivers/management-api/types.js';
import { readTool, runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { WarrenError } from '../../errors/warren-error.js';
import { findObjects } from '../objects/apply-objects.js';
import { type Definitions, type Found, nothingFound } from '../objects/definitions.js';
import { apiOf, managementPort } from './api.js';
import type { ClusterView, NodeView } from './cluster-view.js';
import { type Broker, brokersOf, factsOf, type HostsContext, type Login, transportOf } from './context.js';
import { eachHost } from './each-host.js';
import { loginsOf } from './logins.js';
import { runs } from './node-state.js';
import { viewByItself } from './view-by-itself.js';

/**
 * Asks every running node for its own view of the cluster, over its host and in
 * one go: by the management API with the first login that it takes, and by
 * rabbitmqctl, which is slow but needs no login, where that does not answer. A
 * node that is frozen accepts connections and says nothing, and the others wait
 * for it before they answer, for up to a minute: whoever does not even tell its
 * name in time is silent, and the others are asked for what they know by themselves.
 */
export async function observeCluster(context: HostsContext, phase: string): Promise<ClusterView> {
  const brokers = brokersOf(context).filter((host) => context.facts.has(host.name));
  const running = brokers.filter((host) => runs(factsOf(context, host)));
  const seen = new Map<string, Seen>();
  const silent = new Map<string, string>();
  await eachHost(context, running, phase, async (host) => {
    try {
      const first = host.name === running[0]!.name;
      seen.set(host.name, (await byApi(context, host, first)) ?? (await byTools(context, host)));
    } catch (error) {
      if (!(error instanceof WarrenError) || !telling.includes(error.code)) throw error;
      silent.set(host.name, error.message);
    }
  });
  const ordered = running.flatMap(({ name }) => {
    const one = seen.get(name);
    return one ? [[name, one] as const] : [];
  });
  const most = Math.max(0, ...ordered.map(([, { node }]) => node.members.length));
  const member = ordered.find(([, { node }]) => node.members.length === most);
  const found = (one: Seen) => (silent.size > 0 ? foundInTime(context, one) : one.found());
  const nodes = new Map<string, NodeView>();
  for (const [name, one] of ordered) {
    const alone = one.node.members.length === 1 && brokers.length > 1;
    nodes.set(name, alone ? { ...one.node, found: await found(one) } : one.node);
  }
  return { nodes, silent, found: member && (await found(member[1])), login: member?.[1].login };
}

/** The errors that are an answer to the question how a node is. */
const telling = ['TOOL_FAILED', 'NODE_SILENT'];

/** While a node is silent, the others may not be able to tell. */
async function foundInTime(context: HostsContext, one: Seen): Promise<Found | undefined> {
  try {
    // What a node knows without the others it tells at once.
    const patienceMs = one.asked ? 0 : Math.ceil(context.patienceMs / 3);
    const found = await inTime(one.found(), deadline({ ...context, patienceMs }));
    return found === late ? undefined : found;
  } catch (error) {
    if (error instanceof WarrenError) return undefined;
    throw error;
  }
}

interface Seen {
  readonly node: NodeView;
  readonly login?: Login;
  /** What it holds was asked for with the rest. */
  readonly asked?: boolean;
  found(): Promise<Found>;
}

/** Nothing when the API does not answer, or takes none of the logins. The first is asked at once what the cluster holds. */
async function byApi(context: HostsContext, host: Broker, first: boolean): Promise<Seen | undefined> {
  const port = managementPort(context, host);
  if (!factsOf(context, host).listeners.some((listener) => listener.port === port)) return undefined;
  for (const login of await loginsOf(context)) {
    const api = apiOf(context, host, login);
    try {
      const viewed = viewByApi(context, host, api);
      const asked = first ? findObjects(api) : undefined;
      asked?.catch(() => {});
      return { node: await viewed, login, asked: first, found: () => asked ?? findObjects(api) };
    } catch (error) {
      if (!(error instanceof WarrenError) || error.code === 'NODE_SILENT') throw error;
      if (error.code !== 'API_REFUSED_LOGIN') return undefined;
    }
  }
  return undefined;
}

async function viewByApi(context: HostsContext, host: Broker, api: ManagementApi): Promise<NodeView> {
  const { patienceMs } = context;
  const soon = deadline(context);
  const itself = api.get<ApiOverview>('/overview?disable_stats=true', patienceMs + graceMs);
  const all = Promise.all([
    api.get<ApiNode[]>('/nodes', patienceMs + graceMs),
    api.get<ApiFeatureFlag[]>('/feature-flags', patienceMs + graceMs),
  ]);
  // Asked in vain when the other does not answer either.
  all.catch(() => {});
  const overview = await inTime(itself, soon);
  context.signal.throwIfAborted();
  if (overview === late) {
    const seconds = patienceMs / 1_000;
    throw WarrenError.of('NODE_SILENT', { node: host.nodeName, seconds }, { where: host.name });
  }
  const early = await inTime(all, deadline({ ...context, patienceMs: Math.ceil(patienceMs / 3) }));
  // It waits for another one: meanwhile it is asked for what it knows alone.
  const alone = early === late ? viewByItself(context, host, overview) : undefined;
  alone?.catch(() => {});
  const answered = early === late ? await inTime(all, soon) : early;
  context.signal.throwIfAborted();
  if (answered === late) return alone!;
  const [nodes, flags] = answered;
  const self = nodes.find(({ name }) => name === overview.node);
  return {
    nodeName: overview.node,
    clusterName: overview.cluster_name,
    version: overview.rabbitmq_version,
    members: nodes.map(({ name }) => name).sort(),
    running: namesOf(nodes.filter(({ running }) => running)),
    partitions: self?.partitions ?? [],
    alarms: nodes.flatMap(alarmsOf),
    disabledFlags: disabled(flags),
    drained: self?.being_drained ?? false,
    by: 'api',
  };
}

/** Longer than our own patience, which is to decide. */
const graceMs = 1_000;

const late = Symbol('late');

function deadline({ signal, patienceMs }: HostsContext): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
}

/** What comes after it is not heard any more, errors included. */
function inTime<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | typeof late> {
  answer.catch(() => {});
  return Promise.race([
    answer,
    new Promise<typeof late>((resolve) => {
      if (signal.aborted) resolve(late);
      else signal.addEventListener('abort', () => resolve(late), { once: true });
    }),
  ]);
}

function namesOf(nodes: readonly ApiNode[]): string[] {
  return nodes.map(({ name }) => name).sort();
}

function alarmsOf(node: ApiNode): string[] {
  return [
    ...(node.mem_alarm ? [`memory on ${node.name}`] : []),
    ...(node.disk_free_alarm ? [`disk on ${node.name}`] : []),
  ];
}

function disabled(flags: readonly ApiFeatureFlag[]): string[] {
  return flags
    .filter(({ state, stability }) => state === 'disabled' && stability !== 'experimental')
    .map(({ name }) => name);
}

interface ClusterStatus {
  readonly cluster_name: string;
  readonly disk_nodes: readonly string[];
  readonly ram_nodes: readonly string[];
  readonly running_nodes: readonly string[];
  readonly partitions: Readonly<Record<string, readonly string[]>>;
  readonly alarms: readonly { readonly resource?: string; readonly node?: string }[];
  readonly versions: Readonly<Record<string, { readonly rabbitmq_version: string }>>;
  readonly feature_flags: readonly ApiFeatureFlag[];
  readonly maintenance_status?: Readonly<Record<string, string>>;
}

async function byTools(context: HostsContext, host: Broker): Promise<Seen> {
  const { signal } = context;
  const transport = transportOf(context, host);
  const options = { signal, timeoutMs: 3 * context.patienceMs };
  const status = await readTool<ClusterStatus>(transport, 'rabbitmqctl', ['cluster_status'], options);
  const node: NodeView = {
    nodeName: host.nodeName,
    clusterName: status.cluster_name,
    version: status.versions[host.nodeName]?.rabbitmq_version ?? '',
    members: [...new Set([...status.disk_nodes, ...status.ram_nodes])].sort(),
    running: [...status.running_nodes].sort(),
    partitions: Object.values(status.partitions).flat(),
    alarms: status.alarms.map(({ resource, node }) => `${resource ?? 'alarm'} on ${node ?? host.nodeName}`),
    disabledFlags: disabled(status.feature_flags),
    drained: /marked/.test(status.maintenance_status?.[host.nodeName] ?? ''),
    by: 'rabbitmqctl',
  };
  return {
    node,
    found: async () => {
      const args = ['export_definitions', '-', '--silent'];
      const text = await runTool(transport, 'rabbitmqctl', args, { signal, readOnly: true });
      const definitions = { ...nothingFound.definitions, ...(JSON.parse(text) as Partial<Definitions>) };
      return { definitions, vhosts: definitions.vhosts };
    },
  };
}
