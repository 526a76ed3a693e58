import type { ClusterFile, FileNode, Scalar } from '../cluster-file/cluster-file.js';
import { nodeNameOf } from '../cluster-file/hosts.js';
import { partitionHandling } from '../cluster-file/replication.js';
import { atLeast } from '../cluster-file/version.js';
import { tlsPaths } from './tls-files.js';

interface Section {
  readonly title: string;
  readonly settings: readonly { readonly key: string; readonly value: string }[];
}

type Settings = Readonly<Record<string, Scalar>>;

/**
 * The settings of rabbitmq.conf on a host: what makes the cluster, what an
 * expert sets beyond RabbitMQ's defaults, and what the cluster file adds. A key
 * of the cluster file takes the place of ours, and of the one that says the same
 * in another unit (`disk_free_limit.absolute` for `disk_free_limit.relative`).
 */
export function brokerSettings(
  file: ClusterFile,
  node: FileNode,
  version = file.rabbitmq.version ?? '3',
): Section[] {
  const given = { ...file.rabbitmq.config, ...node.config };
  const sections: [string, Settings][] = [
    ['Fresh nodes find each other by this list, the same on every node.', formation(file)],
    ['Limits and time-outs.', defaults(file, version)],
    ['TLS.', tlsSettings(file)],
    ['From the cluster file.', given],
  ];
  return sections
    .map(([title, settings]) => ({
      title,
      settings: Object.entries(settings)
        .filter(([key]) => settings === given || !isGiven(key, given))
        .map(([key, value]) => ({ key, value: String(value) })),
    }))
    .filter(({ settings }) => settings.length > 0);
}

function formation(file: ClusterFile): Settings {
  const nodes = file.nodes ?? [];
  if (nodes.length < 2) return { cluster_name: file.name };
  return {
    cluster_name: file.name,
    'cluster_formation.peer_discovery_backend': 'classic_config',
    // Of ten tries: the first node of all finds nobody, and need not wait for it for 5 s.
    'cluster_formation.discovery_retry_interval': 100,
    ...Object.fromEntries(
      nodes.map((peer, index) => [`cluster_formation.classic_config.nodes.${index + 1}`, nodeNameOf(peer)]),
    ),
    'cluster_formation.target_cluster_size_hint': nodes.length,
  };
}

function defaults(file: ClusterFile, version: string): Settings {
  const watermark = atLeast(version, '4.0') ? 0.6 : 0.4;
  const handling = partitionHandling(file, version);
  return {
    ...(handling ? { cluster_partition_handling: handling } : {}),
    heartbeat: 60,
    'vm_memory_high_watermark.relative': watermark,
    // Whatever is in memory must fit on the disk.
    'disk_free_limit.relative': watermark,
  };
}

/** With a port for TLS alone, the management plugin would listen for nothing else. */
function tlsSettings({ rabbitmq: { tls } }: ClusterFile): Settings {
  if (!tls) return {};
  const files = (prefix: string) => ({
    ...(tls.ca === undefined ? {} : { [`${prefix}.cacertfile`]: tlsPaths.ca }),
    [`${prefix}.certfile`]: tlsPaths.certificate,
    [`${prefix}.keyfile`]: tlsPaths.key,
  });
  return {
    'listeners.ssl.default': 5671,
    ...files('ssl_options'),
    'ssl_options.verify': tls.verify,
    'ssl_options.fail_if_no_peer_cert': tls.fail_if_no_peer_cert,
    ...(tls.management
      ? { 'management.tcp.port': 15_672, 'management.ssl.port': 15_671, ...files('management.ssl') }
      : {}),
  };
}

function isGiven(key: string, given: Settings): boolean {
  const family = /^(vm_memory_high_watermark|disk_free_limit)\./.exec(key)?.[1];
  return Object.keys(given).some((other) => other === key || (family && other.startsWith(`${family}.`)));
}
