/** What the lines of rabbitmq.conf are put into, and what a line of it is to this broker. */
import type { Reader } from './conf-value.js';
import type { HttpOptions, LogLevel, MetricsOptions, NodeConfig, TlsOptions } from './node-config.js';

type Address = { address: string | null; port: number };

/** As ssl_options say it; the two files may still be missing. */
export type TlsSettings = Omit<TlsOptions, 'certfile' | 'keyfile'> & {
  certfile: string | null;
  keyfile: string | null;
};

/** What the files, the environment and the arguments said; null or empty where they said nothing. */
export interface Settings {
  /** listeners.tcp by name; null = not configured. */
  tcp: Map<string, Address> | null;
  /** listeners.ssl by name. */
  ssl: Map<string, Address>;
  tls: TlsSettings;
  proxyProtocol: boolean;
  /** auth_mechanisms by their place in the file; empty = RabbitMQ's default. */
  mechanisms: Map<string, string>;
  certificateLogin: NodeConfig['certificateLogin'];
  management: { port: number | null; address: string | null };
  managementTls: { port: number | null; address: string | null; tls: TlsSettings };
  http: HttpOptions;
  prometheus: { port: number | null; address: string | null };
  prometheusTls: { port: number | null; address: string | null; tls: TlsSettings };
  metrics: MetricsOptions;
  tracing: { directory: string | null; username: string; password: string };
  user: { name: string; password: string; tags: Map<string, boolean>; permissions: [string, string, string] };
  vhost: string;
  loopbackUsers: Map<string, boolean>;
  limits: Pick<
    NodeConfig,
    | 'heartbeat'
    | 'frameMax'
    | 'channelMax'
    | 'handshakeTimeout'
    | 'maxMessageSize'
    | 'connectionMax'
    | 'consumerTimeout'
  >;
  peerDiscovery: 'classic_config' | 'none';
  peers: Map<string, string>;
  cluster: Pick<NodeConfig, 'clusterName' | 'partitionHandling' | 'tickTime' | 'queueMasterLocator'>;
  resources: Pick<NodeConfig, 'memoryHighWatermark' | 'memoryPagingRatio' | 'diskFreeLimit'>;
  loadDefinitions: string | null;
  log: {
    directory: string | null;
    file: string | false | null;
    fileLevel: LogLevel | null;
    console: boolean | null;
    consoleLevel: LogLevel | null;
    level: LogLevel | null;
  };
}

export interface Setting {
  key: string;
  /** `name` is the word that stands where the key has a `$name`. Throws BadValue. */
  apply(settings: Settings, value: string, name: string): void;
}

export function setting<T>(
  key: string,
  reader: Reader<T>,
  put: (to: Settings, value: T, name: string) => void,
): Setting {
  return { key, apply: (settings, value, name) => put(settings, reader(value), name) };
}
