/**
 * Every command of RabbitMQ 3.10.8's tools, by tool: its heading and line in `help`, and where it is. Those
 * without a place are known and not here: they say why, and exit 64. docs/tools.md is this table.
 */
import type { Command } from './command.js';

type Load = () => Promise<Readonly<Record<string, Command>>>;

export interface Entry {
  group: string;
  description: string;
  /** Null: RabbitMQ has it, the bundled broker does not. */
  load: Load | null;
  /** Why not, and what there is instead. */
  refusal: string | null;
}

export interface Tool {
  commands: Readonly<Record<string, Entry>>;
}

const nodes: Load = async () => (await import('./commands/nodes.js')).nodeCommands;
const waiting: Load = async () => (await import('./commands/waiting.js')).waitingCommands;
const cluster: Load = async () => (await import('./commands/cluster.js')).clusterCommands;
const users: Load = async () => (await import('./commands/users.js')).userCommands;
const limits: Load = async () => (await import('./commands/limits.js')).limitCommands;
const permissions: Load = async () => (await import('./commands/permissions.js')).permissionCommands;
const vhosts: Load = async () => (await import('./commands/vhosts.js')).vhostCommands;
const parameters: Load = async () => (await import('./commands/parameters.js')).parameterCommands;
const policies: Load = async () => (await import('./commands/policies.js')).policyCommands;
const listings: Load = async () => (await import('./commands/listings.js')).listingCommands;
const attempts: Load = async () => (await import('./commands/attempts.js')).attemptCommands;
const certificates: Load = async () => (await import('./commands/certificates.js')).certificateCommands;
const queues: Load = async () => (await import('./commands/queues.js')).queueCommands;
const status: Load = async () => (await import('./commands/status.js')).statusCommands;
const report: Load = async () => (await import('./commands/report.js')).reportCommands;
const connections: Load = async () => (await import('./commands/connections.js')).connectionCommands;
const resources: Load = async () => (await import('./commands/resources.js')).resourceCommands;
const flags: Load = async () => (await import('./commands/feature-flags.js')).featureFlagCommands;
const deprecated: Load = async () => (await import('./commands/deprecated.js')).deprecatedCommands;
const definitions: Load = async () => (await import('./commands/definitions.js')).definitionCommands;
const checks: Load = async () => (await import('./commands/checks.js')).checkCommands;
const criticality: Load = async () => (await import('./commands/criticality.js')).criticalityCommands;
const facts: Load = async () => (await import('./commands/facts.js')).factCommands;
const plugins: Load = async () => (await import('./commands/plugins.js')).pluginCommands;
const operations: Load = async () => (await import('./commands/operations.js')).operationCommands;
const surroundings: Load = async () => (await import('./commands/surroundings.js')).surroundingCommands;
const cookieSources: Load = async () => (await import('./commands/cookie-sources.js')).cookieCommands;
const members: Load = async () => (await import('./commands/members.js')).memberCommands;
const replicas: Load = async () => (await import('./commands/replicas.js')).replicaCommands;
/** Commands of `help.ts`, which knows this table. */
const inHelp: Load = async () => ({});

type Row = readonly [name: string, load: Load | string, description: string];

const group = (heading: string, rows: readonly Row[]): [string, Entry][] =>
  rows.map(([name, load, description]) => [
    name,
    typeof load === 'string'
      ? { group: heading, description, load: null, refusal: load }
      : { group: heading, description, load, refusal: null },
  ]);

/** Why a command is not here. */
const noErlang = 'there is no Erlang runtime in the bundled broker';
const noElixir = 'there is no Elixir in the bundled broker';
const noSecrets = 'the bundled broker does not read encrypted values (they belong in advanced.config)';
const noSources = 'attempts to authenticate are not counted by their source: read the log (log_tail)';
const noPositions =
  'quorum queues have no Raft log here: get with ackmode=ack_requeue_true (rabbitmqadmin) shows what is in one';
const noStreams = 'the bundled broker keeps streams as mirrored queues: list_queues shows them';
const noEvents = 'the bundled broker has no stream of internal events: follow the log (log_tail_stream)';
const noDatabase = 'there is no Mnesia in the bundled broker: export_definitions shows what it keeps';
const noRenaming = 'a node of the bundled broker keeps its name: join a new one and forget the old one';
const noNeed = 'every node of the bundled broker knows the members of its cluster';
const noRing = 'consistent hashes of the bundled broker are not a ring: list_bindings shows the weights';
const noRamNodes = 'every node of the bundled broker keeps its data on disk';

const health = 'Monitoring, observability and health checks';
const configuration = 'Configuration and Environment';

const help = group('Help', [
  ['autocomplete', inHelp, 'Lists the commands that begin with a word'],
  ['help', inHelp, 'Shows how a command is used'],
  ['version', inHelp, 'Shows the version of RabbitMQ that the tools are compatible with'],
]);

const readOnly = {
  users: group('Users', [
    ['list_user_limits', limits, 'Lists the limits of users'],
    ['list_users', users, 'Lists users and their tags'],
  ]),
  access: group('Access Control', [
    ['list_permissions', permissions, 'Lists the permissions in a virtual host'],
    ['list_topic_permissions', permissions, 'Lists the topic permissions in a virtual host'],
    ['list_user_permissions', permissions, 'Lists the permissions of a user in all virtual hosts'],
    ['list_user_topic_permissions', permissions, 'Lists the topic permissions of a user'],
    ['list_vhosts', vhosts, 'Lists virtual hosts'],
  ]),
  health: group(health, [
    ['list_bindings', listings, 'Lists the bindings in a virtual host'],
    ['list_channels', listings, 'Lists channels'],
    ['list_ciphers', noSecrets, 'Lists ciphers that encode can use'],
    ['list_connections', listings, 'Lists AMQP 0-9-1 connections'],
    ['list_consumers', listings, 'Lists the consumers in a virtual host'],
    ['list_exchanges', listings, 'Lists the exchanges in a virtual host'],
    ['list_hashes', noSecrets, 'Lists hash functions that encode can use'],
    ['list_node_auth_attempt_stats', attempts, 'Lists attempts to authenticate'],
    ['list_queues', listings, 'Lists the queues in a virtual host'],
    ['list_unresponsive_queues', listings, 'Lists queues that do not answer in time'],
    ['ping', nodes, 'Tells whether the node process is there and knows the cookie'],
    ['report', report, 'Prints everything that support may ask for'],
    ['schema_info', noDatabase, 'Lists the tables of the schema database'],
    ['status', status, 'Shows what a node is, uses and listens on'],
  ]),
  parameters: group('Parameters', [
    ['list_global_parameters', parameters, 'Lists global runtime parameters'],
    ['list_parameters', parameters, 'Lists the runtime parameters of a virtual host'],
  ]),
  policies: group('Policies', [
    ['list_operator_policies', policies, 'Lists the operator policies of a virtual host'],
    ['list_policies', policies, 'Lists the policies of a virtual host'],
  ]),
  vhosts: group('Virtual hosts', [['list_vhost_limits', limits, 'Lists the limits of virtual hosts']]),
  cluster: group('Cluster', [
    ['cluster_status', cluster, 'Shows the members of the cluster and which of them run'],
  ]),
  nodes: group('Nodes', [['wait', waiting, 'Waits until a node has started, by its pid file']]),
  flags: group('Feature flags', [['list_feature_flags', flags, 'Lists feature flags']]),
  deprecated: group('Deprecated', [
    ['node_health_check', deprecated, 'Deprecated: use the checks of rabbitmq-diagnostics'],
  ]),
};

const rabbitmqctl: [string, Entry][] = [
  ...help,
  ...group('Nodes', [
    ['await_startup', waiting, 'Waits until the application runs on the node'],
    ['reset', nodes, 'Takes the node out of its cluster and empties it'],
    ['rotate_logs', deprecated, 'Does nothing any more'],
    ['shutdown', nodes, 'Stops the node and waits until its process has ended'],
    ['start_app', nodes, 'Starts the application on a node whose process runs'],
    ['stop', nodes, 'Stops the node, process and all'],
    ['stop_app', nodes, 'Stops the application and leaves the process running'],
  ]),
  ...readOnly.nodes,
  ...group('Cluster', [
    ['await_online_nodes', waiting, 'Waits until so many nodes are in the cluster'],
    ['change_cluster_node_type', noRamNodes, 'Makes a disc node a ram node and back'],
  ]),
  ...readOnly.cluster,
  ...group('Cluster', [
    ['force_boot', operations, 'Lets a node start without those that ran after it stopped'],
    ['force_reset', nodes, 'Empties the node without telling its cluster'],
    ['forget_cluster_node', cluster, 'Takes a node that is down out of the cluster'],
    ['join_cluster', cluster, 'Makes the node a member of the cluster of another node'],
    ['rename_cluster_node', noRenaming, 'Renames members in the database of a stopped node'],
    ['update_cluster_nodes', noNeed, 'Asks another node who is in the cluster'],
  ]),
  ...group('Replication', [
    ['cancel_sync_queue', queues, 'Stops the synchronisation of a mirrored queue'],
    ['sync_queue', queues, 'Synchronises the mirrors of a mirrored queue'],
  ]),
  ...group('Users', [
    ['add_user', users, 'Adds a user, who has no permissions yet'],
    ['authenticate_user', users, 'Tells whether name and password are right'],
    ['change_password', users, 'Changes the password of a user'],
    ['clear_password', users, 'Takes the password away: the user cannot log in with one'],
    ['clear_user_limits', limits, 'Clears limits of a user'],
    ['delete_user', users, 'Deletes a user'],
    ['set_user_limits', limits, 'Sets limits of a user'],
    ['set_user_tags', users, 'Sets the tags of a user'],
  ]),
  ...readOnly.users,
  ...group('Access Control', [
    ['clear_permissions', permissions, 'Takes the permissions of a user in a virtual host away'],
    ['clear_topic_permissions', permissions, 'Takes topic permissions of a user away'],
    ['set_permissions', permissions, 'Sets the permissions of a user in a virtual host'],
    ['set_topic_permissions', permissions, 'Sets the topic permissions of a user on an exchange'],
  ]),
  ...readOnly.access,
  ...readOnly.health,
  ...group('Parameters', [
    ['clear_global_parameter', parameters, 'Clears a global runtime parameter'],
    ['clear_parameter', parameters, 'Clears a runtime parameter'],
    ['set_global_parameter', parameters, 'Sets a global runtime parameter'],
    ['set_parameter', parameters, 'Sets a runtime parameter'],
  ]),
  ...readOnly.parameters,
  ...group('Policies', [
    ['clear_operator_policy', policies, 'Clears an operator policy'],
    ['clear_policy', policies, 'Clears a policy'],
    [
      'set_operator_policy',
      policies,
      'Sets an operator policy, which bounds what policies and users ask for',
    ],
    ['set_policy', policies, 'Sets a policy'],
  ]),
  ...readOnly.policies,
  ...group('Virtual hosts', [
    ['add_vhost', vhosts, 'Adds a virtual host'],
    ['clear_vhost_limits', limits, 'Clears the limits of a virtual host'],
    ['delete_vhost', vhosts, 'Deletes a virtual host and all in it'],
    ['restart_vhost', vhosts, 'Starts a virtual host that failed'],
    ['set_vhost_limits', limits, 'Sets the limits of a virtual host'],
    ['set_vhost_tags', vhosts, 'Sets the tags of a virtual host'],
    ['trace_off', vhosts, 'Stops tracing in a virtual host'],
    ['trace_on', vhosts, 'Starts tracing in a virtual host'],
  ]),
  ...readOnly.vhosts,
  ...group(configuration, [
    ['decode', noSecrets, 'Decrypts a value of a configuration file'],
    ['encode', noSecrets, 'Encrypts a value for a configuration file'],
    ['environment', report, 'Shows the configuration of a node'],
    ['set_cluster_name', cluster, 'Sets the name of the cluster'],
    ['set_disk_free_limit', resources, 'Sets how much of the disk must stay free'],
    ['set_log_level', operations, 'Sets what is logged'],
    ['set_vm_memory_high_watermark', resources, 'Sets how much memory may be used'],
  ]),
  ...group('Definitions', [
    ['export_definitions', definitions, 'Writes users, virtual hosts, queues … to a file'],
    ['import_definitions', definitions, 'Reads users, virtual hosts, queues … from a file'],
  ]),
  ...group('Feature flags', [['enable_feature_flag', flags, 'Enables a feature flag, or all']]),
  ...readOnly.flags,
  ...group('Operations', [
    ['close_all_connections', connections, 'Closes the connections of a virtual host, or all'],
    ['close_all_user_connections', connections, 'Closes the connections of a user'],
    ['close_connection', connections, 'Closes a connection'],
    ['eval', noErlang, 'Evaluates an Erlang expression'],
    ['eval_file', noErlang, 'Evaluates a file of Erlang'],
    ['exec', noElixir, 'Evaluates an Elixir expression'],
    ['force_gc', operations, 'Collects garbage'],
    ['resume_listeners', operations, 'Lets clients connect again'],
    ['suspend_listeners', operations, 'Lets no more clients connect'],
  ]),
  ...group('Queues', [
    ['delete_queue', queues, 'Deletes a queue'],
    ['purge_queue', queues, 'Empties a queue'],
  ]),
  ...group('Deprecated', [['hipe_compile', deprecated, 'Does nothing any more']]),
  ...readOnly.deprecated,
];

const criticalityRows = group(health, [
  [
    'check_if_node_is_mirror_sync_critical',
    criticality,
    'Fails when the node holds the only copy of a mirrored queue',
  ],
  [
    'check_if_node_is_quorum_critical',
    criticality,
    'Fails when quorum queues would lose their majority with the node',
  ],
]);

const quorumRows = group(health, [
  ['quorum_status', replicas, 'Shows the members of a quorum queue'],
  ['stream_status', noStreams, 'Shows the replicas of a stream'],
]);

const diagnostics: [string, Entry][] = [
  ...help,
  ...readOnly.nodes,
  ...readOnly.cluster,
  ...readOnly.users,
  ...readOnly.access,
  ...group(health, [
    ['alarms', checks, 'Lists the resource alarms of the cluster'],
    ['check_alarms', checks, 'Fails when there is an alarm in the cluster'],
    ['check_certificate_expiration', checks, 'Fails when a certificate expires soon'],
    ['check_local_alarms', checks, 'Fails when there is an alarm on the node'],
    ['check_port_connectivity', checks, 'Fails when a listener of the node does not accept'],
    ['check_port_listener', checks, 'Fails when nothing listens on a port'],
    ['check_protocol_listener', checks, 'Fails when nothing listens for a protocol'],
    ['check_running', checks, 'Fails when the application does not run'],
    ['check_virtual_hosts', checks, 'Fails when a virtual host does not run'],
    ['cipher_suites', surroundings, 'Lists TLS cipher suites'],
    ['consistent_hash_exchange_ring_state', noRing, 'Shows which queues a consistent hash picks'],
    ['consume_event_stream', noEvents, 'Prints events as they happen'],
    ['discover_peers', surroundings, 'Asks the peer discovery for peers'],
    ['erlang_version', facts, 'Shows the version of the runtime'],
    ['is_booting', checks, 'Tells whether the node is starting'],
    ['is_running', checks, 'Tells whether the application runs'],
    ['list_network_interfaces', surroundings, 'Lists network interfaces'],
    ['listeners', facts, 'Lists what the node listens on'],
    ['log_tail', facts, 'Prints the last lines of the log'],
    ['log_tail_stream', facts, 'Prints lines of the log as they come'],
    ['maybe_stuck', noErlang, 'Lists Erlang processes that may be stuck'],
    ['memory_breakdown', facts, 'Shows what the memory is used for'],
    ['observer', noErlang, 'Opens the Erlang observer'],
    ['remote_shell', noErlang, 'Opens an Erlang shell on the node'],
    ['runtime_thread_stats', noErlang, 'Shows what the threads of the Erlang runtime do'],
    ['server_version', facts, 'Shows the version of RabbitMQ that the node is compatible with'],
    ['tls_versions', surroundings, 'Lists TLS versions'],
  ]),
  ...criticalityRows,
  ...quorumRows,
  ...readOnly.health,
  ...readOnly.parameters,
  ...readOnly.policies,
  ...readOnly.vhosts,
  ...group(configuration, [
    ['certificates', certificates, 'Shows the certificates of the node'],
    ['command_line_arguments', noErlang, 'Shows the arguments of the Erlang runtime'],
    ['disable_auth_attempt_source_tracking', noSources, 'Stops counting attempts to authenticate by source'],
    ['enable_auth_attempt_source_tracking', noSources, 'Counts attempts to authenticate by source'],
    ['environment', report, 'Shows the configuration of a node'],
    ['erlang_cookie_hash', facts, 'Shows a hash of the cookie'],
    ['erlang_cookie_sources', cookieSources, 'Shows where the tools take the cookie from'],
    ['log_location', facts, 'Shows where the log is'],
    ['os_env', surroundings, 'Shows the RABBITMQ_ variables of the node'],
    ['reset_node_auth_attempt_metrics', attempts, 'Forgets attempts to authenticate'],
    ['resolve_hostname', surroundings, 'Resolves a host name on the node'],
    ['resolver_info', surroundings, 'Shows how the node resolves host names'],
  ]),
  ...readOnly.flags,
  ...group('Operations', [
    ['reclaim_quorum_memory', replicas, 'Does nothing here: there is no log to flush'],
  ]),
  ...readOnly.deprecated,
];

const queuesTool: [string, Entry][] = [
  ...help.filter(([name]) => name !== 'version'),
  ...group('Cluster', [
    ['grow', members, 'Adds members of quorum queues on a node'],
    ['rebalance', replicas, 'Spreads the leaders of replicated queues over the nodes'],
    ['shrink', members, 'Removes members of quorum queues from a node'],
  ]),
  ...group('Replication', [
    ['add_member', members, 'Adds a member of a quorum queue'],
    ['delete_member', members, 'Removes a member of a quorum queue'],
  ]),
  ...criticalityRows,
  ...group(health, [['peek', noPositions, 'Shows a message of a quorum queue']]),
  ...quorumRows,
  ...group('Operations', [
    ['reclaim_quorum_memory', replicas, 'Does nothing here: there is no log to flush'],
  ]),
];

const pluginsTool: [string, Entry][] = [
  ...help,
  ...group(health, [
    ['directories', plugins, 'Shows where plugins and the enabled_plugins file are'],
    ['is_enabled', plugins, 'Fails when a plugin is not enabled'],
  ]),
  ...group('Plugin Management', [
    ['disable', plugins, 'Disables plugins'],
    ['enable', plugins, 'Enables plugins'],
    ['list', plugins, 'Lists plugins'],
    ['set', plugins, 'Enables these plugins and disables the others'],
  ]),
];

const tool = (entries: [string, Entry][]): Tool => ({ commands: Object.fromEntries(entries) });

export const tools: Readonly<Record<string, Tool>> = {
  rabbitmqctl: tool(rabbitmqctl),
  'rabbitmq-diagnostics': tool(diagnostics),
  'rabbitmq-queues': tool(queuesTool),
  'rabbitmq-plugins': tool(pluginsTool),
};
