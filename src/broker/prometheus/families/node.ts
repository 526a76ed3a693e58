/** The node itself. What only Erlang's runtime and RabbitMQ's own storage count is 0 here. */
import { churnKeys } from '../../core/counters.js';
import { counter, type Family, gauge, type MeasuredNode, type Metric, noLabels, untyped } from '../family.js';

/** One row without labels. */
function whole(metrics: readonly Metric[], values: (node: MeasuredNode) => number[]): Family {
  return { metrics, read: (node) => [{ labels: noLabels, values: values(node) }] };
}

export const churn = whole(
  [
    counter('connections_opened_total', 'Total number of connections opened'),
    counter('connections_closed_total', 'Total number of connections closed or terminated'),
    counter('channels_opened_total', 'Total number of channels opened'),
    counter('channels_closed_total', 'Total number of channels closed'),
    counter('queues_declared_total', 'Total number of queues declared'),
    counter('queues_created_total', 'Total number of queues created'),
    counter('queues_deleted_total', 'Total number of queues deleted'),
  ],
  ({ admin: { churn } }) => churnKeys.map((key) => churn[key]),
);

export const nodeCoarse = whole(
  [
    gauge('process_open_fds', 'Open file descriptors'),
    gauge('process_open_tcp_sockets', 'Open TCP sockets'),
    gauge('process_resident_memory_bytes', 'Memory used in bytes'),
    gauge('disk_space_available_bytes', 'Disk space available in bytes'),
    gauge('erlang_processes_used', 'Erlang processes used'),
    counter('erlang_gc_runs_total', 'Total number of Erlang garbage collector runs'),
    counter(
      'erlang_gc_reclaimed_bytes_total',
      'Total number of bytes of memory reclaimed by Erlang garbage collector',
    ),
    counter('erlang_scheduler_context_switches_total', 'Total number of Erlang scheduler context switches'),
  ],
  ({ facts: { fileDescriptors, memory, disk } }) => {
    const { voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage();
    const switches = voluntaryContextSwitches + involuntaryContextSwitches;
    return [fileDescriptors.used, fileDescriptors.socketsUsed, memory.rss, disk.free, 1, 0, 0, switches];
  },
);

export const node = whole(
  [
    gauge('process_max_fds', 'Open file descriptors limit'),
    gauge('process_max_tcp_sockets', 'Open TCP sockets limit'),
    gauge('resident_memory_limit_bytes', 'Memory high watermark in bytes'),
    gauge('disk_space_available_limit_bytes', 'Free disk space low watermark in bytes'),
    gauge('erlang_processes_limit', 'Erlang processes limit'),
    gauge('erlang_scheduler_run_queue', 'Erlang scheduler run queue'),
    gauge('erlang_net_ticktime_seconds', 'Inter-node heartbeat interval'),
    gauge('erlang_uptime_seconds', 'Node uptime'),
  ],
  ({ facts: { fileDescriptors, memory, disk, startedAt }, now }) => [
    fileDescriptors.limit,
    fileDescriptors.socketsLimit,
    memory.limit,
    disk.limit,
    1_048_576,
    0,
    60,
    (now - startedAt) / 1000,
  ],
);

const persisterMetrics = [
  counter('io_read_ops_total', 'Total number of I/O read operations'),
  counter('io_read_bytes_total', 'Total number of I/O bytes read'),
  counter('io_write_ops_total', 'Total number of I/O write operations'),
  counter('io_write_bytes_total', 'Total number of I/O bytes written'),
  counter('io_sync_ops_total', 'Total number of I/O sync operations'),
  counter('io_seek_ops_total', 'Total number of I/O seek operations'),
  counter('io_reopen_ops_total', 'Total number of times files have been reopened'),
  counter('schema_db_ram_tx_total', 'Total number of Schema DB memory transactions'),
  counter('schema_db_disk_tx_total', 'Total number of Schema DB disk transactions'),
  counter('msg_store_read_total', 'Total number of Message Store read operations'),
  counter('msg_store_write_total', 'Total number of Message Store write operations'),
  counter('queue_index_read_ops_total', 'Total number of Queue Index read operations'),
  counter('queue_index_write_ops_total', 'Total number of Queue Index write operations'),
  counter('io_read_time_seconds_total', 'Total I/O read time'),
  counter('io_write_time_seconds_total', 'Total I/O write time'),
  counter('io_sync_time_seconds_total', 'Total I/O sync time'),
  counter('io_seek_time_seconds_total', 'Total I/O seek time'),
];

export const persister = whole(persisterMetrics, () => persisterMetrics.map(() => 0));

/** Quorum queues are no Raft groups here: there is never one to show. */
export const raft: Family = {
  metrics: [
    counter('raft_term_total', 'Current Raft term number'),
    gauge('raft_log_snapshot_index', 'Raft log snapshot index'),
    gauge('raft_log_last_applied_index', 'Raft log last applied index'),
    gauge('raft_log_commit_index', 'Raft log commit index'),
    gauge('raft_log_last_written_index', 'Raft log last written index'),
    gauge('raft_entry_commit_latency_seconds', 'Time taken for a log entry to be committed'),
  ],
  read: () => [],
};

export const logins: Family = {
  metrics: [
    counter('auth_attempts_total', 'Total number of authorization attempts'),
    counter('auth_attempts_succeeded_total', 'Total number of successful authentication attempts'),
    counter('auth_attempts_failed_total', 'Total number of failed authentication attempts'),
  ],
  labelled: true,
  read: ({ admin }) =>
    Object.entries(admin.logins)
      .filter(([, { succeeded, failed }]) => succeeded + failed > 0)
      .map(([protocol, { succeeded, failed }]) => ({
        labels: { protocol },
        values: [succeeded + failed, succeeded, failed],
      })),
};

/** Off in RabbitMQ unless somebody turns it on; never on here. */
export const loginsBySource: Family = {
  metrics: [
    counter('auth_attempts_detailed_total', 'Total number of authorization attempts with source info'),
    counter(
      'auth_attempts_detailed_succeeded_total',
      'Total number of successful authorization attempts with source info',
    ),
    counter(
      'auth_attempts_detailed_failed_total',
      'Total number of failed authorization attempts with source info',
    ),
  ],
  labelled: true,
  read: () => [],
};

export const totals = whole(
  [
    gauge('connections', 'Connections currently open'),
    gauge('channels', 'Channels currently open'),
    gauge('consumers', 'Consumers currently connected'),
    gauge('queues', 'Queues available'),
  ],
  ({ admin }) => {
    let [channels, consumers, queues] = [0, 0, 0];
    for (const connection of admin.connections.values()) channels += [...connection.channels()].length;
    for (const vhost of admin.vhosts()) {
      for (const queue of vhost.localQueues()) {
        queues++;
        consumers += queue.lengths().consumers;
      }
    }
    return [admin.connections.size, channels, consumers, queues];
  },
);

export const started: Family = {
  ...whole(
    [gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.')],
    ({ facts }) => [Math.floor(facts.startedAt / 1000)],
  ),
  prefix: '',
};

export const alarms = whole(
  [
    untyped('alarms_file_descriptor_limit', 'is 1 if file descriptor limit alarm is in effect'),
    untyped('alarms_free_disk_space_watermark', 'is 1 if free disk space watermark alarm is in effect'),
    untyped('alarms_memory_used_watermark', 'is 1 if VM memory watermark alarm is in effect'),
  ],
  ({ admin }) => {
    const set = (resource: 'disk' | 'memory') => Number(admin.alarms.isSet(admin.node, resource));
    return [0, set('disk'), set('memory')];
  },
);
