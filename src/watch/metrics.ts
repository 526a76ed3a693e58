import { usable } from './conditions/queues.js';
import type { NodeState, QueueState, Snapshot } from './snapshot.js';

/** One kind of figure, with all its values at a moment. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** A snapshot as figures. What is unknown has none: a gap in a curve, not a nought. */
export function metricsOf(snapshot: Snapshot): Metric[] {
  const { nodes, queues = [], certificates, hosts, blind, traffic } = snapshot;
  const all = [
    one(
      'warren_up',
      'Whether any management API tells the state of the cluster',
      blind === undefined ? 1 : 0,
    ),
    ...nodeMetrics(nodes),
    ...queueMetrics(queues),
    one('warren_connections', 'Connections of clients', traffic?.connections),
    one('warren_channels', 'Channels of clients', traffic?.channels),
    one('warren_versions', 'How many versions of RabbitMQ the nodes run', versionsOf(nodes)),
    one(
      'warren_cookies',
      'How many different Erlang cookies the hosts have',
      hosts && new Set(hosts.cookies.values()).size,
    ),
    {
      name: 'warren_virtual_address_holders',
      help: 'How many balancers hold a virtual address',
      values: (hosts?.addresses ?? []).flatMap(({ address, holders, silent }) =>
        holders.length === 0 && silent.length > 0 ? [] : [{ labels: { address }, value: holders.length }],
      ),
    },
    {
      name: 'warren_certificate_expires_seconds',
      help: 'When the certificate of a listener expires, in seconds since 1970',
      values: certificates.map(({ where, expiresAt }) => ({
        labels: { listener: where },
        value: expiresAt / 1000,
      })),
    },
  ];
  return all.filter(({ values }) => values.length > 0);
}

function one(name: string, help: string, value: number | undefined): Metric {
  return { name, help, values: value === undefined ? [] : [{ labels: {}, value }] };
}

function versionsOf(nodes: readonly NodeState[]): number | undefined {
  const versions = new Set(nodes.flatMap(({ version }) => version ?? []));
  return versions.size === 0 ? undefined : versions.size;
}

type Read<Of> = (of: Of) => number | boolean | undefined;

const ofNode: readonly [string, string, Read<NodeState>][] = [
  ['up', 'Whether the node is up', ({ up }) => up],
  ['memory_used_bytes', 'Memory that the node uses', ({ memory }) => memory?.value],
  ['memory_limit_bytes', 'Memory at which it blocks publishers', ({ memory }) => memory?.limit],
  ['memory_alarm', 'Whether its memory alarm is on', ({ memoryAlarm }) => memoryAlarm],
  ['disk_free_bytes', 'Free disk space', ({ disk }) => disk?.value],
  ['disk_limit_bytes', 'Free space below which it blocks publishers', ({ disk }) => disk?.limit],
  ['disk_alarm', 'Whether its disk alarm is on', ({ diskAlarm }) => diskAlarm],
  ['file_descriptors_used', 'Open file descriptors', ({ fileDescriptors }) => fileDescriptors?.value],
  [
    'file_descriptors_limit',
    'File descriptors that it may open',
    ({ fileDescriptors }) => fileDescriptors?.limit,
  ],
  ['partitions', 'Nodes that it is partitioned from', ({ partitions }) => partitions?.length],
  ['uptime_seconds', 'How long it has been up', ({ uptimeMs }) => uptimeMs && uptimeMs / 1000],
];

function nodeMetrics(nodes: readonly NodeState[]): Metric[] {
  return ofNode.map(([name, help, read]) =>
    table(`warren_node_${name}`, help, nodes, read, ({ name }) => ({ node: name })),
  );
}

const ofQueue: readonly [string, string, Read<QueueState>][] = [
  ['messages', 'Messages in the queue', ({ messages }) => messages],
  ['messages_ready', 'Messages that wait for a consumer', ({ ready }) => ready],
  ['messages_unacknowledged', 'Messages that consumers hold', ({ unacknowledged }) => unacknowledged],
  ['consumers', 'Consumers of the queue', ({ consumers }) => consumers],
  ['growth_per_second', 'How fast it grows', ({ rates }) => rates.growth],
  ['published_per_second', 'Messages that come in', ({ rates }) => rates.published],
  ['down', 'Whether it cannot be used', (queue) => !usable(queue)],
  ['members', 'Nodes that hold it', ({ members }) => members.length],
  ['members_whole', 'Nodes that are up and hold all of it', ({ whole }) => whole.length],
];

function queueMetrics(queues: readonly QueueState[]): Metric[] {
  const labels = ({ vhost, name, type }: QueueState) => ({ vhost, queue: name, type });
  return ofQueue.map(([name, help, read]) => table(`warren_queue_${name}`, help, queues, read, labels));
}

function table<Of>(
  name: string,
  help: string,
  rows: readonly Of[],
  read: Read<Of>,
  labels: (of: Of) => Record<string, string>,
): Metric {
  return {
    name,
    help,
    values: rows.flatMap((row) => {
      const value = read(row);
      return value === undefined ? [] : [{ labels: labels(row), value: Number(value) }];
    }),
  };
}
