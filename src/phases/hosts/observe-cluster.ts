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

/**
 * Asks every running node for its own view of the cluster, over its host and in
 * one go: by the management API with the first login that it takes, and by
 * rabbitmqctl, which is slow but needs no login, where that does not answer.
 */
export async function observeCluster(context: HostsContext, phase: string): Promise<ClusterView> {
  const brokers = brokersOf(context).filter((host) => context.facts.has(host.name));
  const running = brokers.filter((host) => runs(factsOf(context, host)));
  const seen = new Map<string, Seen>();
  const silent = new Map<string, string>();
  await eachHost(context, running, phase, async (host) => {
    try {
      seen.set(host.name, (await byApi(context, host)) ?? (await byTools(context, host)));
    } catch (error) {
      if (!(error instanceof WarrenError) || error.code !== 'TOOL_FAILED') throw error;
      silent.set(host.name, error.message);
    }
  });
  const ordered = running.flatMap(({ name }) => {
    const one = seen.get(name);
    return one ? [[name, one] as const] : [];
  });
  const most = Math.max(0, ...ordered.map(([, { node }]) => node.members.length));
  const member = ordered.find(([, { node }]) => node.members.length === most);
  const nodes = new Map<string, NodeView>();
  for (const [name, one] of ordered) {
    const alone = one.node.members.length === 1 && brokers.length > 1;
    nodes.set(name, alone ? { ...one.node, found: await one.found() } : one.node);
  }
  return { nodes, silent, found: member && (await member[1].found()), login: member?.[1].login };
}

interface Seen {
  readonly node: NodeView;
  readonly login?: Login;
  found(): Promise<Found>;
}

/** Nothing when the API does not answer, or takes none of the logins. */
async function byApi(context: HostsContext, host: Broker): Promise<Seen | undefined> {
  const port = managementPort(context, host);
  if (!factsOf(context, host).listeners.some((listener) => listener.port === port)) return undefined;
  for (const login of await loginsOf(context)) {
    const api = apiOf(context, host, login);
    try {
      const node = await viewByApi(api);
      return { node, login, found: () => findObjects(api) };
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      if (error.code !== 'API_REFUSED_LOGIN') return undefined;
    }
  }
  return undefined;
}

async function viewByApi(api: ManagementApi): Promise<NodeView> {
  const [overview, nodes, flags] = await Promise.all([
    api.get<ApiOverview>('/overview?columns=cluster_name,node,rabbitmq_version', patienceMs),
    api.get<ApiNode[]>('/nodes', patienceMs),
    api.get<ApiFeatureFlag[]>('/feature-flags', patienceMs),
  ]);
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

const patienceMs = 10_000;

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
  const status = await readTool<ClusterStatus>(transport, 'rabbitmqctl', ['cluster_status'], { signal });
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
