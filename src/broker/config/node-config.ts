/** One node's configuration, after rabbitmq.conf, the environment and the arguments are merged. */
export interface NodeConfig {
  /** name@host */
  nodeName: string;
  amqp: { listeners: Listener[]; ssl: Listener[] };
  management: { listeners: Listener[] };
  /** Inter-node and tools' port (RABBITMQ_DIST_PORT, default AMQP port + 20000). */
  distribution: Listener;
  directories: { mnesia: string; logs: string; home: string };
  enabledPluginsFile: string;
  pidFile: string | null;
  configFile: string | null;
  cookie: string;
  defaultUser: { name: string; password: string; tags: string[]; permissions: [string, string, string] };
  defaultVhost: string;
  loopbackUsers: string[];
  /** Seconds. */
  heartbeat: number;
  frameMax: number;
  channelMax: number;
  /** Milliseconds. */
  handshakeTimeout: number;
  /** classic_config nodes; empty = none configured. */
  peers: string[];
  clusterName: string | null;
  partitionHandling: 'ignore' | 'pause_minority' | 'autoheal';
  memoryHighWatermark: { relative: number } | { bytes: number };
  diskFreeLimit: { bytes: number } | { relative: number };
  loadDefinitions: string | null;
  defaultQueueType: string | null;
  log: { console: boolean; file: string | null; level: 'debug' | 'info' | 'warning' | 'error' | 'none' };
}

export interface Listener {
  address: string;
  port: number;
}
