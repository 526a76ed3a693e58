/** One node's configuration, after rabbitmq.conf, the environment and the arguments are merged (`load-config.ts`). */
export interface NodeConfig {
  /** name@host */
  nodeName: string;
  /** `tls` is set where there are TLS listeners; `proxyProtocol`: every client sends a PROXY header first. */
  amqp: { listeners: Listener[]; ssl: Listener[]; tls: TlsOptions | null; proxyProtocol: boolean };
  /** SASL mechanisms that may be offered. */
  authMechanisms: string[];
  /** Which name of a client's certificate is the user's, for EXTERNAL. */
  certificateLogin: CertificateLogin;
  /** Opened only while rabbitmq_management is enabled. */
  management: WebListeners & { http: HttpOptions };
  /** Opened only while rabbitmq_prometheus is enabled. */
  prometheus: WebListeners & MetricsOptions;
  /** Used only while rabbitmq_tracing is enabled; the login is that of traces without one of their own. */
  tracing: { directory: string; username: string; password: string };
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
  /** net_ticktime: seconds after which a node that says nothing counts as down. */
  tickTime: number;
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

export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'critical' | 'none';

export interface Listener {
  address: string;
  port: number;
}

/** Those of a plugin that speaks HTTP; `tls` is set where there are any with TLS. */
export interface WebListeners {
  listeners: Listener[];
  ssl: Listener[];
  tls: TlsOptions | null;
}

export interface MetricsOptions {
  /** Where the metrics are: `/metrics` unless set. */
  path: string;
  /** Shows every object there, not only their sums. */
  perObject: boolean;
}

/** A listener that is open. */
export interface OpenListener extends Listener {
  /** amqp, amqp/ssl, http, clustering, http/prometheus … as `rabbitmqctl status` shows it. */
  protocol: string;
  /** Of those that speak TLS. */
  tls?: TlsOptions;
}

export type RatesMode = 'basic' | 'detailed' | 'none';

/** What the HTTP API takes and says, beside its answers. */
export interface HttpOptions {
  /** Pages of these origins may ask (CORS); `*` = of every one. */
  corsOrigins: string[];
  /** Seconds for which a browser need not ask again. */
  corsMaxAge: number;
  /** Headers that every answer has, by their names. */
  headers: Record<string, string>;
  /** Bytes. */
  maxBodySize: number;
  /** Stands before every path, as `/broker`; empty where there is none. */
  pathPrefix: string;
  /** Switches of the query that are on for every request: `disable_stats`, `enable_queue_totals`. */
  switches: Set<string>;
  /** Without rates nothing is told of messages but how many there are. */
  ratesMode: RatesMode;
}

/** Files are PEM; times in milliseconds. */
export interface TlsOptions {
  cacertfile: string | null;
  certfile: string;
  keyfile: string;
  password: string | null;
  /** verify_peer */
  verify: boolean;
  failIfNoPeerCert: boolean;
  /** Authorities that may stand between a client's certificate and the root. */
  depth: number;
  /** As in rabbitmq.conf: tlsv1.3, tlsv1.2 … */
  versions: string[];
  ciphers: string[];
  honorCipherOrder: boolean;
  /** Diffie-Hellman parameters. */
  dhfile: string | null;
  /** Whether a client may ask for other keys on an open connection. */
  renegotiation: boolean;
  handshakeTimeout: number;
}

export interface CertificateLogin {
  from: 'distinguished_name' | 'common_name' | 'subject_alternative_name' | 'subject_alt_name';
  sanType: 'dns' | 'ip' | 'email' | 'uri' | 'other_name';
  sanIndex: number;
}
