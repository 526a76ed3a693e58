import type { ManagementApi } from './client.js';
import type { ApiNode, ApiOverview, ApiQueue } from './types.js';

/** What the management API tells of a cluster's state and traffic, as far as Warren watches it. */
export interface Statistics {
  readonly overview: StatisticsOverview;
  readonly nodes: readonly StatisticsNode[];
  readonly queues: readonly StatisticsQueue[];
  /** Only where they were asked for. */
  readonly clients?: StatisticsClients | undefined;
}

interface Rate {
  readonly rate?: number;
}

/** Counters since the node started; `_details` are there once the broker has two samples. */
export interface MessageStats {
  readonly publish?: number;
  readonly publish_details?: Rate;
  readonly deliver_get?: number;
  readonly deliver_get_details?: Rate;
  readonly deliver_no_ack?: number;
  readonly deliver_no_ack_details?: Rate;
  readonly get_no_ack?: number;
  readonly get_no_ack_details?: Rate;
  readonly ack?: number;
  readonly ack_details?: Rate;
}

interface StatisticsOverview extends ApiOverview {
  readonly message_stats?: MessageStats;
  readonly object_totals?: {
    readonly connections?: number;
    readonly channels?: number;
    readonly consumers?: number;
  };
}

export interface StatisticsNode extends ApiNode {
  readonly uptime?: number;
  readonly mem_limit?: number;
  readonly mem_used_details?: Rate;
  readonly disk_free?: number;
  readonly disk_free_limit?: number;
  readonly disk_free_details?: Rate;
  readonly fd_used?: number;
  readonly fd_total?: number;
  readonly sockets_used?: number;
  readonly sockets_total?: number;
  readonly applications?: readonly { readonly name: string; readonly version: string }[];
}

export interface StatisticsQueue extends ApiQueue {
  readonly messages_details?: Rate;
  readonly messages_ready?: number;
  readonly messages_unacknowledged?: number;
  readonly message_bytes?: number;
  readonly consumers?: number;
  readonly message_stats?: MessageStats;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly effective_policy_definition?: Readonly<Record<string, unknown>> | readonly never[] | null;
}

interface StatisticsClients {
  readonly consumers: readonly StatisticsConsumer[];
  readonly channels: readonly { readonly name: string; readonly messages_unacknowledged?: number }[];
  readonly connections: readonly { readonly name: string; readonly state?: string }[];
}

interface StatisticsConsumer {
  readonly queue: { readonly name: string; readonly vhost: string };
  readonly channel_details?: { readonly name?: string };
  readonly prefetch_count?: number;
  readonly ack_required?: boolean;
}

/** Of ten thousand queues, only what is read crosses the network. */
const queueColumns = [
  ...['name', 'vhost', 'type', 'node', 'state', 'messages', 'messages_details', 'messages_ready'],
  ...['messages_unacknowledged', 'message_bytes', 'consumers', 'message_stats', 'slave_nodes'],
  ...['synchronised_slave_nodes', 'leader', 'members', 'online', 'arguments', 'effective_policy_definition'],
].join();

export async function readStatistics(
  api: ManagementApi,
  { clients, patienceMs }: { readonly clients: boolean; readonly patienceMs: number },
): Promise<Statistics> {
  const get = <T>(path: string) => api.get<T>(path, patienceMs);
  const [overview, nodes, queues, those] = await Promise.all([
    get<StatisticsOverview>('/overview'),
    get<StatisticsNode[]>('/nodes'),
    get<StatisticsQueue[]>(`/queues?columns=${queueColumns}`),
    clients ? readClients(get) : undefined,
  ]);
  return { overview, nodes, queues, clients: those };
}

async function readClients(get: <T>(path: string) => Promise<T>): Promise<StatisticsClients> {
  const [consumers, channels, connections] = await Promise.all([
    get<StatisticsClients['consumers']>('/consumers'),
    get<StatisticsClients['channels']>('/channels?columns=name,messages_unacknowledged'),
    get<StatisticsClients['connections']>('/connections?columns=name,state'),
  ]);
  return { consumers, channels, connections };
}

/** Who runs and who is cut off in this node's own eyes. */
export function readView(api: ManagementApi, patienceMs: number): Promise<StatisticsNode[]> {
  return api.get('/nodes?columns=name,running,partitions', patienceMs);
}

/** Whether the node answers by itself: it asks no other node, so a paused one cannot make it wait. */
export async function answers(api: ManagementApi, patienceMs: number): Promise<void> {
  await api.get('/whoami', patienceMs);
}
