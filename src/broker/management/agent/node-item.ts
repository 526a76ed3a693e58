/** This node, as /api/nodes shows it. */
import { availableParallelism } from 'node:os';
import type { OpenListener, TlsOptions } from '../../config/node-config.js';
import { plugin } from '../../config/plugins.js';
import type { Admin } from '../../core/admin-port.js';
import type { NodeLink } from '../../core/ports.js';
import { authMechanisms, compatibleVersion, exchangeTypes } from '../formats/engine.js';
import type { Item } from '../http/columns.js';
import type { ManagementFacts } from '../ports.js';
import { allDetailed } from '../statistics/message-stats.js';
import type { Range, Ranges } from '../statistics/range.js';
import { churnCounts, churnRow } from '../statistics/rows.js';
import type { Sampler } from '../statistics/sampler.js';

export function nodeItem(
  admin: Admin,
  facts: ManagementFacts,
  links: readonly NodeLink[],
  sampler: Sampler,
  ranges: Ranges,
): Item {
  const now = sampler.touch();
  return {
    ...identity(admin, facts, now),
    ...files(facts),
    ...measured(facts, sampler, now, ranges.node),
    ...allDetailed(sampler.counts(churnRow(admin), now, [{ names: churnCounts, range: ranges.node }])),
    rates_mode: sampler.ratesMode,
    cluster_links: links.map((link) => linkItem(link, sampler, now)),
    metrics_gc_queue_length: gcQueues,
    name: admin.node,
    type: admin.tables.get('nodes', admin.node)?.type ?? 'disc',
    running: true,
  };
}

function identity(admin: Admin, facts: ManagementFacts, now: number): Item {
  return {
    partitions: facts.partitions[admin.node] ?? [],
    os_pid: String(facts.pid),
    fd_total: facts.fileDescriptors.limit,
    sockets_total: facts.fileDescriptors.socketsLimit,
    mem_limit: facts.memory.limit,
    mem_alarm: admin.alarms.isSet(admin.node, 'memory'),
    disk_free_limit: facts.disk.limit,
    disk_free_alarm: admin.alarms.isSet(admin.node, 'disk'),
    proc_total: 1_048_576,
    uptime: now - facts.startedAt,
    run_queue: 0,
    processors: availableParallelism(),
    exchange_types: exchangeTypes(admin.plugins),
    auth_mechanisms: authMechanisms(admin.plugins),
    applications: [
      { name: 'rabbit', description: 'RabbitMQ', version: compatibleVersion },
      ...[...admin.plugins].sort().map(pluginItem),
      { name: 'warren', description: 'Warren', version: facts.productVersion },
    ],
    contexts: contexts(facts),
  };
}

function linkItem({ node, own, peer, sent, received }: NodeLink, sampler: Sampler, now: number): Item {
  const row = { key: `link to ${node}`, row: [sent, received] };
  return {
    stats: allDetailed(sampler.measure(row, now, [{ names: ['send_bytes', 'recv_bytes'], range: null }])),
    name: node,
    peer_addr: peer.address,
    peer_port: peer.port,
    sock_addr: own.address,
    sock_port: own.port,
    recv_bytes: received,
    send_bytes: sent,
  };
}

function pluginItem(name: string): Item {
  return { name, description: plugin(name)?.description ?? '', version: compatibleVersion };
}

function files(facts: ManagementFacts): Item {
  return {
    log_files: facts.logFiles,
    db_dir: facts.dataDirectory,
    config_files: facts.configFile === null ? [] : [facts.configFile],
    net_ticktime: facts.netTicktime,
    enabled_plugins: facts.plugins.enabled,
    mem_calculation_strategy: 'rss',
    ra_open_file_metrics: { ra_log_wal: 0, ra_log_segment_writer: 0 },
  };
}

/** The web listeners of a node, without its name. */
export function contexts(facts: ManagementFacts): Item[] {
  return facts.listeners.filter(({ protocol }) => protocol.startsWith('http')).map(contextOf);
}

function contextOf({ protocol, address: ip, port, tls }: OpenListener): Item {
  const management = !protocol.endsWith('/prometheus');
  return {
    description: management ? 'RabbitMQ Management' : 'RabbitMQ Prometheus',
    path: '/',
    cowboy_opts: '[{sendfile,false}]',
    ...(tls === undefined
      ? { ip, port: String(port) }
      : { port: String(port), ssl: 'true', ssl_opts: { ...filesOf(tls), ip, port: String(port) } }),
    ...(management ? {} : { protocol: `'${protocol}'` }),
  };
}

/** Every listener, with the socket options that RabbitMQ shows for its protocol. */
export function listenerItems(facts: ManagementFacts): Item[] {
  return facts.listeners.map((listener) => ({
    protocol: listener.protocol,
    ip_address: listener.address,
    port: listener.port,
    socket_opts: socketOptions(listener),
  }));
}

function socketOptions({ protocol, address: ip, port, tls }: OpenListener): Item | [] {
  if (protocol === 'clustering') return [];
  const cowboy_opts = { sendfile: false };
  if (protocol === 'http') return { cowboy_opts, ip, port };
  if (protocol === 'http/prometheus') return { cowboy_opts, ip, port, protocol };
  if (protocol.startsWith('https') && tls) {
    return { cowboy_opts, port, ssl: true, ssl_opts: { ...filesOf(tls), ip, port } };
  }
  const tcp = { backlog: 128, nodelay: true, linger: [true, 0], exit_on_close: false };
  if (tls === undefined) return tcp;
  const versions = tls.versions.length > 0 ? tls.versions : ['tlsv1.3', 'tlsv1.2'];
  const verify = tls.verify ? 'verify_peer' : 'verify_none';
  return { ...tcp, versions, ...filesOf(tls), fail_if_no_peer_cert: tls.failIfNoPeerCert, verify };
}

function filesOf({ cacertfile, keyfile, certfile }: TlsOptions): Item {
  return { ...(cacertfile === null ? {} : { cacertfile }), keyfile, certfile };
}

function measured(facts: ManagementFacts, sampler: Sampler, now: number, range: Range | null): Item {
  const values: Record<string, number> = {
    mem_used: facts.memory.rss,
    fd_used: facts.fileDescriptors.used,
    sockets_used: facts.fileDescriptors.socketsUsed,
    proc_used: 1,
    disk_free: facts.disk.free,
    ...Object.fromEntries(unused.map((name) => [name, 0])),
    context_switches: switches(),
  };
  const row = { key: 'node', row: Object.values(values) };
  return allDetailed(sampler.measure(row, now, [{ names: Object.keys(values), range }]));
}

function switches(): number {
  const { voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage();
  return voluntaryContextSwitches + involuntaryContextSwitches;
}

/** Counters of Erlang's own storage and garbage collection, which this node does not have. */
const unused = [
  'gc_num',
  'gc_bytes_reclaimed',
  'io_read_count',
  'io_read_bytes',
  'io_read_avg_time',
  'io_write_count',
  'io_write_bytes',
  'io_write_avg_time',
  'io_sync_count',
  'io_sync_avg_time',
  'io_seek_count',
  'io_seek_avg_time',
  'io_reopen_count',
  'mnesia_ram_tx_count',
  'mnesia_disk_tx_count',
  'msg_store_read_count',
  'msg_store_write_count',
  'queue_index_write_count',
  'queue_index_read_count',
];

const gcQueues = Object.fromEntries(
  [
    'connection_closed',
    'channel_closed',
    'consumer_deleted',
    'exchange_deleted',
    'queue_deleted',
    'vhost_deleted',
    'node_node_deleted',
    'channel_consumer_deleted',
  ].map((name) => [name, 0]),
);
