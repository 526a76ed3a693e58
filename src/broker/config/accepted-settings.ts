/**
 * Keys of RabbitMQ 3.10.8's rabbitmq.conf that are read, checked as far as their kind goes, and change nothing
 * here: they tune the Erlang runtime, TLS, parts that the bundled broker does not have, or sinks of its log.
 */
import { flag, integer, oneOf, type Reader, text } from './conf-value.js';

const words = (list: string) => list.trim().split(/\s+/);

/** What tls-settings.ts reads for listeners, and nothing else here asks for. */
const tlsBasics = words(
  'verify fail_if_no_peer_cert cacertfile certfile keyfile password versions.$version honor_cipher_order ciphers.$cipher',
);
const tlsOptions = words(`
  cacerts.$name cert dh honor_ecc_order key.RSAPrivateKey
  key.DSAPrivateKey key.PrivateKeyInfo log_level log_alert psk_identity reuse_session reuse_sessions
  secure_renegotiate bypass_pem_cache`);
/** The same for those listeners. */
const tlsChecks = words('client_renegotiation crl_check depth dhfile');
const httpOptions = words(
  'compress idle_timeout inactivity_timeout request_timeout shutdown_timeout max_keepalive',
);
const formatterOptions = words(`
  formatter formatter.time_format formatter.level_format formatter.single_line formatter.plaintext.format
  formatter.json.field_map formatter.json.verbosity_map`);
const rotation = words('rotation.date rotation.compress rotation.size rotation.count');
const logCategories = words('connection channel mirroring queue federation upgrade ra default');

const under = (prefixes: string[], options: string[]) =>
  prefixes.flatMap((prefix) => options.map((option) => `${prefix}.${option}`));

const byReader: [Reader<unknown>, string[]][] = [
  [
    flag,
    words(`
      reverse_dns_lookups background_gc_enabled ssl_allow_poodle_attack hipe_compile
      definitions.skip_if_unchanged management.disable_basic_auth
      log.exchange log.journald log.syslog log.console.use_colors
      tcp_listen_options.nodelay tcp_listen_options.delay_send tcp_listen_options.dontroute
      tcp_listen_options.exit_on_close tcp_listen_options.keepalive tcp_listen_options.send_timeout_close
      tcp_listen_options.linger.on quorum_queue.compute_checksums
      sysmon_handler.triggers.port sysmon_handler.triggers.distribution_port
      sysmon_handler.triggers.process.garbage_collection`),
  ],
  [
    integer(),
    words(`
      num_acceptors.tcp num_acceptors.ssl initial_frame_max default_worker_pool_size
      memory_monitor_interval delegate_count mirroring_sync_batch_size mirroring_sync_max_throughput
      cluster_keepalive_interval collect_statistics_interval mnesia_table_loading_retry_timeout
      mnesia_table_loading_retry_limit message_store_shutdown_timeout socket_writer.gc_threshold
      background_gc_target_interval cluster_formation.randomized_startup_delay_range.min
      cluster_formation.randomized_startup_delay_range.max cluster_formation.internal_lock_retries
      cluster_formation.lock_retry_limit cluster_formation.lock_retry_timeout
      cluster_formation.discovery_retry_limit cluster_formation.discovery_retry_interval
      cluster_formation.target_cluster_size_hint tcp_listen_options.backlog tcp_listen_options.buffer
      tcp_listen_options.high_msgq_watermark tcp_listen_options.high_watermark
      tcp_listen_options.low_msgq_watermark tcp_listen_options.low_watermark tcp_listen_options.recbuf
      tcp_listen_options.sndbuf tcp_listen_options.linger.timeout tcp_listen_options.send_timeout
      distribution.listener.port_range.min distribution.listener.port_range.max raft.segment_max_entries
      raft.wal_max_size_bytes raft.wal_max_entries raft.wal_hibernate_after raft.wal_max_batch_size
      raft.snapshot_chunk_size management.login_session_timeout
      management.db_cache_multiplier credential_validator.min_length`),
  ],
  [oneOf('disc', 'disk', 'ram'), ['cluster_formation.node_type']],
  [oneOf('allocated', 'rss', 'legacy', 'erlang'), ['vm_memory_calculation_strategy']],
  [oneOf('none', 'coarse', 'fine'), ['collect_statistics']],
  [oneOf('1', '2'), ['classic_queue.default_version']],
  [
    text,
    [
      ...words(`
        erlang.K definitions.hashing.algorithm definitions.https.url auth_backends.$num
        auth_backends.$num.authn auth_backends.$num.authz password_hashing_module credential_validator.validation_backend
        credential_validator.regexp cluster_partition_handling.pause_if_all_down.recover
        cluster_partition_handling.pause_if_all_down.nodes.$name cluster_formation.dns.hostname
        total_memory_available_override_value queue_index_embed_msgs_below vhost_restart_strategy product.name
        product.version motd_file raft.data_dir distribution.listener.interface tcp_listen_options
        tcp_listen_options.fd tcp_listen_options.port tcp_listen_options.priority tcp_listen_options.tos ssl_options
        sysmon_handler.thresholds.busy_processes sysmon_handler.thresholds.busy_ports
        sysmon_handler.triggers.process.long_scheduled_execution sysmon_handler.triggers.process.heap_size
        management.http_log_dir
        management.enable_uaa management.uaa_client_id management.uaa_location management.listener.ssl
        management.listener.ssl_opts management.sample_retention_policies.$section.$interval
        management_agent.filter_aggregated_queue_metrics_pattern
        prometheus.filter_aggregated_queue_metrics_pattern log.console.stdio log.exchange.level log.journald.level
        log.journald.fields log.syslog.level log.syslog.identity log.syslog.facility log.syslog.multiline_mode
        log.syslog.ip log.syslog.host log.syslog.port log.syslog.transport log.syslog.protocol
        log.console.color_esc_seqs.$level management.ssl.backlog prometheus.ssl.backlog`),
      ...under(
        [
          'ssl_options',
          'definitions.tls',
          'management.ssl',
          'management.listener.ssl_opts',
          'prometheus.ssl',
        ],
        tlsOptions,
      ),
      ...under(
        ['definitions.tls', 'management.listener.ssl_opts', 'log.syslog.ssl_options'],
        [...tlsBasics, ...tlsChecks],
      ),
      ...under(['log.syslog.ssl_options'], tlsOptions),
      ...under(
        [
          'management.tcp',
          'management.ssl',
          'management.listener.server',
          'prometheus.tcp',
          'prometheus.ssl',
        ],
        httpOptions,
      ),
      ...under(['log.console', 'log.exchange', 'log.syslog', 'log.file'], formatterOptions),
      ...under(['log.file', ...logCategories.map((category) => `log.${category}`)], rotation),
      ...logCategories
        .filter((category) => category !== 'default')
        .flatMap((c) => [`log.${c}.level`, `log.${c}.file`]),
    ],
  ],
];

export const acceptedSettings: { key: string; reader: Reader<unknown> }[] = byReader.flatMap(
  ([reader, keys]) => keys.map((key) => ({ key, reader })),
);
