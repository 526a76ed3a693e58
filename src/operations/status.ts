import { observe } from '../drivers/engine/node-process.js';
import { ManagementApi } from '../drivers/management-api/client.js';
import type { ApiNode, ApiOverview, ApiQueue } from '../drivers/management-api/types.js';
import { WarrenError } from '../errors/warren-error.js';
import { findCluster } from './find-cluster.js';
import type { Surroundings } from './surroundings.js';

/** The cluster as one node sees it, or why that node says nothing. */
export interface NodeView {
  readonly node: string;
  readonly answer: 'ok' | string;
  readonly version?: string;
  readonly members?: readonly string[];
  readonly running?: readonly string[];
  readonly partitions?: readonly string[];
  readonly alarms?: readonly string[];
}

export interface QueueView {
  readonly vhost: string;
  readonly queue: string;
  readonly type: string;
  readonly state: string;
  readonly messages: number | null;
  readonly leader: string | null;
  readonly mirrors: readonly string[];
  readonly unsynchronised: readonly string[];
}

export interface StatusResult {
  readonly cluster: string;
  readonly views: readonly NodeView[];
  /** Whether any node answered; a node that hangs can make the others wait for it. */
  readonly answered: boolean;
  /** Whether all nodes that answer see the same nodes running. */
  readonly agree: boolean;
  readonly queues: readonly QueueView[];
  /** What has to be put right, in words. */
  readonly problems: readonly string[];
}

interface Endpoint {
  readonly node: string;
  readonly url: string;
  readonly stopped: boolean;
}

/** How long a node may think about its view: a paused one never answers. */
const patienceMs = 3_000;

export async function status(
  options: { readonly cluster?: string | undefined; readonly url?: string | undefined },
  surroundings: Surroundings,
): Promise<StatusResult> {
  const { name, endpoints } = options.url
    ? { name: '', endpoints: [{ node: '', url: options.url, stopped: false }] }
    : await endpointsOf(options.cluster, surroundings);
  const seen = await Promise.all(endpoints.map(viewOf));
  const first = seen.find(({ view }) => view.answer === 'ok');
  if (!first && options.url) throw seen[0]!.error!;
  const views = seen.map(({ view }) => view);
  if (views.every(({ answer }) => answer === 'stopped')) {
    throw WarrenError.of('CLUSTER_NOT_RUNNING', { cluster: name });
  }
  const opinions = new Set(views.filter((view) => view.running).map((view) => view.running!.join()));
  return {
    cluster: name || first!.cluster!,
    views,
    answered: first !== undefined,
    agree: opinions.size <= 1,
    queues: first ? await queuesOf(first.url) : [],
    problems: [],
  };
}

async function endpointsOf(name: string | undefined, surroundings: Surroundings) {
  const cluster = await findCluster(surroundings.state, name);
  const endpoints = cluster.record.nodes.map((node): Endpoint => {
    const stopped = observe(cluster.folders.node(node.name)).state === 'stopped';
    return { node: node.name, url: `http://127.0.0.1:${node.managementPort}`, stopped };
  });
  return { name: cluster.record.name, endpoints };
}

interface Seen {
  readonly url: string;
  readonly view: NodeView;
  readonly cluster?: string;
  readonly error?: unknown;
}

async function viewOf({ node, url, stopped }: Endpoint): Promise<Seen> {
  if (stopped) return { url, view: { node, answer: 'stopped' } };
  const api = new ManagementApi(url);
  try {
    const all = api.get<ApiNode[]>('/nodes', patienceMs).catch((error) => error as Error);
    const overview = await api.get<ApiOverview>('/overview?disable_stats=true', patienceMs);
    const nodes = await all;
    if (nodes instanceof Error) return waiting(url, node, overview, nodes);
    const self = nodes.find(({ name }) => name === overview.node);
    const view: NodeView = {
      node: node || overview.node,
      answer: 'ok',
      version: overview.rabbitmq_version,
      members: nodes.map(({ name }) => name).sort(),
      running: nodes
        .filter(({ running }) => running)
        .map(({ name }) => name)
        .sort(),
      partitions: self?.partitions ?? [],
      alarms: nodes.flatMap(alarmsOf),
    };
    return { url, view, cluster: overview.cluster_name };
  } catch (error) {
    return { url, view: { node, answer: shortReason(error) }, error };
  } finally {
    api.close();
  }
}

/** The node itself answers, but what it puts together from all of them does not come: RabbitMQ waits for one that hangs. */
function waiting(url: string, node: string, overview: ApiOverview, error: Error): Seen {
  const { node: self, rabbitmq_version: version, cluster_name: cluster } = overview;
  return { url, view: { node: node || self, answer: 'waits for another node', version }, cluster, error };
}

/** What the connection itself said, without the address that the user sees anyway. */
function shortReason(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

function alarmsOf(node: ApiNode): string[] {
  return [
    ...(node.mem_alarm ? [`memory on ${node.name}`] : []),
    ...(node.disk_free_alarm ? [`disk on ${node.name}`] : []),
  ];
}

async function queuesOf(url: string): Promise<QueueView[]> {
  const api = new ManagementApi(url);
  try {
    const queues = await api.get<ApiQueue[]>('/queues');
    return queues.map(queueView);
  } finally {
    api.close();
  }
}

/** A classic queue has a node and mirrors (slave_nodes); a quorum queue a leader and members. */
export function queueView(queue: ApiQueue): QueueView {
  const leader = queue.leader ?? queue.node ?? null;
  const mirrors = queue.slave_nodes ?? queue.members?.filter((member) => member !== leader) ?? [];
  const whole = new Set(queue.synchronised_slave_nodes ?? queue.online ?? mirrors);
  return {
    vhost: queue.vhost,
    queue: queue.name,
    type: queue.type ?? 'classic',
    state: queue.state ?? 'unknown',
    messages: queue.messages ?? null,
    leader,
    mirrors: [...mirrors].sort(),
    unsynchronised: mirrors.filter((mirror) => !whole.has(mirror)).sort(),
  };
}
