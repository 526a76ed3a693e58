import type {
  MessageStats,
  Statistics,
  StatisticsNode,
  StatisticsQueue,
} from '../../drivers/management-api/statistics.js';
import { counted, slope } from '../../watch/rates.js';
import type {
  CertificateState,
  Clients,
  HostsState,
  Level,
  NodeState,
  Place,
  QueueRates,
  QueueState,
  Snapshot,
} from '../../watch/snapshot.js';

/** A node that could be asked by itself, and what came of it. */
export interface Asked {
  readonly node: string;
  /** Nothing when it answers; else why it is held to be down. */
  readonly silence?: string | undefined;
  /** Who runs in its own eyes, where it told. */
  readonly view?: readonly StatisticsNode[] | undefined;
}

/** All that was heard at one moment, from whomever. */
export interface Heard {
  readonly at: number;
  readonly place: Place;
  readonly cluster: string;
  readonly asked: readonly Asked[];
  readonly statistics?: Statistics | undefined;
  readonly blind?: string | undefined;
  readonly certificates: readonly CertificateState[];
  readonly hosts?: HostsState | undefined;
}

/** Puts together what was heard; what was heard before gives the rates that the broker does not tell. */
export function assemble(heard: Heard, before?: Heard): Snapshot {
  const { at, place, statistics, blind, certificates, hosts } = heard;
  const past = new Map(before?.statistics?.queues.map((queue) => [key(queue), queue]));
  return {
    at,
    place,
    cluster: statistics?.overview.cluster_name ?? heard.cluster,
    blind,
    nodes: nodesOf(heard),
    queues: statistics?.queues.map((queue) =>
      queueOf(queue, at, before && { at: before.at, queue: past.get(key(queue)) }),
    ),
    traffic: statistics && trafficOf(statistics, at, before),
    clients: clientsOf(statistics),
    certificates,
    hosts,
  };
}

/** Every node that a file, a record or another node knows of. One that can be asked itself is believed. */
function nodesOf({ asked, statistics }: Heard): NodeState[] {
  const told = new Map(statistics?.nodes.map((node) => [node.name, node]));
  const names = new Set([...asked.map(({ node }) => node), ...told.keys()]);
  return [...names].sort().map((name) => {
    const own = asked.find(({ node }) => node === name);
    const node = told.get(name);
    const up = own ? own.silence === undefined : (node?.running ?? false);
    return {
      name,
      up,
      reason: up ? undefined : (own?.silence ?? 'the others do not see it run'),
      partitions: up ? lostBy(name, asked, node) : undefined,
      ...(node?.running ? figuresOf(node) : {}),
    };
  });
}

/** Whom a node says it is cut off from, and those who answer and do not see it run. */
function lostBy(
  name: string,
  asked: readonly Asked[],
  told: StatisticsNode | undefined,
): string[] | undefined {
  const own = asked.find(({ node }) => node === name)?.view?.find((node) => node.name === name);
  const partitions = (own ?? told)?.partitions;
  if (!partitions) return undefined;
  const blindToIt = asked.filter(
    ({ node, view }) => node !== name && view?.some((one) => one.name === name && !one.running),
  );
  return [...new Set([...partitions, ...blindToIt.map(({ node }) => node)])].sort();
}

function figuresOf(node: StatisticsNode): Partial<NodeState> {
  return {
    version: node.applications?.find(({ name }) => name === 'rabbit')?.version,
    uptimeMs: node.uptime,
    drained: node.being_drained,
    memory: level(node.mem_used, node.mem_limit),
    memoryAlarm: node.mem_alarm,
    memoryRate: node.mem_used_details?.rate,
    disk: level(node.disk_free, node.disk_free_limit),
    diskAlarm: node.disk_free_alarm,
    diskRate: node.disk_free_details?.rate,
    fileDescriptors: level(node.fd_used, node.fd_total),
    sockets: level(node.sockets_used, node.sockets_total),
  };
}

/** RabbitMQ writes a word where it cannot count. */
function level(value: unknown, limit: unknown): Level | undefined {
  return typeof value === 'number' && typeof limit === 'number' ? { value, limit } : undefined;
}

interface Before {
  readonly at: number;
  readonly queue: StatisticsQueue | undefined;
}

function queueOf(queue: StatisticsQueue, at: number, before: Before | undefined): QueueState {
  const { name, vhost, type = 'classic', state = 'unknown', node, consumers } = queue;
  const leader = queue.leader ?? node;
  const policy = Array.isArray(queue.effective_policy_definition)
    ? undefined
    : (queue.effective_policy_definition as Record<string, unknown> | null | undefined);
  const limit = (key: string) => smallest(queue.arguments?.[`x-${key}`], policy?.[key]);
  const mine = leader === undefined ? [] : [leader];
  return {
    vhost,
    name,
    type,
    state,
    node: leader,
    consumers,
    messages: queue.messages,
    ready: queue.messages_ready,
    unacknowledged: queue.messages_unacknowledged,
    bytes: queue.message_bytes,
    rates: ratesOf(queue, at, before),
    maxLength: limit('max-length'),
    maxBytes: limit('max-length-bytes'),
    members: queue.members ?? [...mine, ...(queue.slave_nodes ?? [])],
    whole: queue.members
      ? (queue.online ?? queue.members)
      : [...mine, ...(queue.synchronised_slave_nodes ?? [])],
  };
}

/** A queue has the stricter of what its argument and its policy say. */
function smallest(...limits: unknown[]): number | undefined {
  const known = limits.filter((limit): limit is number => typeof limit === 'number');
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** A gauge is measured from one look to the next; a counter's rate is the broker's where it tells one. */
function ratesOf(queue: StatisticsQueue, at: number, before: Before | undefined): QueueRates {
  const depth = (of: StatisticsQueue | undefined, when: number) => ({ at: when, count: of?.messages });
  const measured = before && slope(depth(before.queue, before.at), depth(queue, at));
  const past = before?.queue && { at: before.at, stats: before.queue.message_stats };
  return { ...flows(queue.message_stats, at, past), growth: measured ?? queue.messages_details?.rate };
}

function flows(
  stats: MessageStats | undefined,
  at: number,
  before: { readonly at: number; readonly stats: MessageStats | undefined } | undefined,
) {
  const rate = (name: 'publish' | 'deliver_get' | 'ack' | 'deliver_no_ack' | 'get_no_ack') =>
    stats?.[`${name}_details`]?.rate ??
    counted(before && { at: before.at, count: before.stats?.[name] }, { at, count: stats?.[name] });
  const [toConsumers, byGet] = [rate('deliver_no_ack'), rate('get_no_ack')];
  return {
    published: rate('publish'),
    delivered: rate('deliver_get'),
    acknowledged: rate('ack'),
    taken: toConsumers === undefined && byGet === undefined ? undefined : (toConsumers ?? 0) + (byGet ?? 0),
  };
}

function trafficOf({ overview }: Statistics, at: number, before: Heard | undefined) {
  const past = before?.statistics && { at: before.at, stats: before.statistics.overview.message_stats };
  const { published, delivered, acknowledged } = flows(overview.message_stats, at, past);
  const { connections = 0, channels = 0, consumers = 0 } = overview.object_totals ?? {};
  return { published, delivered, acknowledged, connections, channels, consumers };
}

function clientsOf(statistics: Statistics | undefined): Clients | undefined {
  if (!statistics?.clients) return undefined;
  const { consumers, channels, connections } = statistics.clients;
  const held = new Map(channels.map((channel) => [channel.name, channel.messages_unacknowledged]));
  return {
    consumers: consumers.map(({ queue, channel_details, prefetch_count = 0, ack_required = true }) => {
      const channel = channel_details?.name ?? '';
      return {
        vhost: queue.vhost,
        queue: queue.name,
        channel,
        prefetch: prefetch_count,
        acknowledges: ack_required,
        unacknowledged: held.get(channel),
      };
    }),
    blocked: connections.flatMap(({ name, state }) =>
      state === 'blocked' || state === 'blocking' || state === 'flow' ? [{ name, state }] : [],
    ),
  };
}

function key({ vhost, name }: StatisticsQueue): string {
  return JSON.stringify([vhost, name]);
}
