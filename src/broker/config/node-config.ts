/** One node's configuration, after rabbitmq.conf, the environment and the arguments are merged (`load-config.ts`). */
export interface NodeConfig {
  /** name@host */
  nodeName: string;
  amqp: { listeners: Listener[]; ssl: Listener[] };
  /** Opened only while rabbitmq_management is enabled. */
  management: { listeners: Listener[] };
  /** Opened only while rabbitmq_prometheus is enabled. */
  prometheus: { listeners: Listener[] };
  /** Inter-node and tools' port (RABBITMQ_DIST_PORT, default AMQP port + 20000). */
  distribution: Listener;
  /** `mnesia` is this node's own data directory (RABBITMQ_MNESIA_DIR, or <RABBITMQ_MNESIA_BASE>/<node>). */
  directories: { mnesia: string; logs: string; home: string };
  enabledPluginsFile: string;
  pidFile: string | null;
  configFile: string | null;
  cookie: string;
  /** `permissions`: configure, write, read. */
  defaultUser: { name: string; password: string; tags: string[]; permissions: [string, string, string] };
  defaultVhost: string;
  loopbackUsers: string[];
  /** Seconds. */
  heartbeat: number;
  frameMax: number;
  channelMax: number;
  /** Milliseconds. */
  handshakeTimeout: number;
  maxMessageSize: number;
  /** null = unlimited */
  connectionMax: number | null;
  /** Milliseconds; null = acknowledgements may take for ever. */
  consumerTimeout: number | null;
  /** classic_config nodes; empty = none configured. */
  peers: string[];
  clusterName: string | null;
  partitionHandling: 'ignore' | 'pause_minority' | 'autoheal';
  queueMasterLocator: 'client-local' | 'min-masters' | 'random';
  memoryHighWatermark: { relative: number } | { bytes: number };
  /** Part of the watermark from which on queues page out what they can. */
  memoryPagingRatio: number;
  diskFreeLimit: { bytes: number } | { relative: number };
  loadDefinitions: string | null;
  defaultQueueType: string | null;
  log: { console: boolean; file: string | null; level: LogLevel };
  /** Sentences for the log: what was asked for and is not done as asked (addresses other than loopback …). */
  notices: string[];
}

export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'none';

export interface Listener {
  address: string;
  port: number;
}
