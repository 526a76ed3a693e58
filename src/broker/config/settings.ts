/**
 * The keys of rabbitmq.conf that change something here, each with the reader of its value and what it sets.
 * `$name` stands for any one word. Keys that RabbitMQ 3.10.8 knows and that have nothing to change here are in
 * `accepted-settings.ts`.
 */
import {
  BadValue,
  bytes,
  flag,
  integer,
  listener,
  oneOf,
  port,
  positiveNumber,
  type Reader,
  text,
} from './conf-value.js';
import { defaultHttp, httpSettings } from './http-settings.js';
import type { LogLevel, NodeConfig } from './node-config.js';
import { type Setting, type Settings, setting } from './setting.js';
import { defaultTls, tlsSettings } from './tls-settings.js';

/** RabbitMQ 3.10.8's defaults. */
export function defaultSettings(): Settings {
  return {
    tcp: null,
    ssl: new Map(),
    tls: defaultTls(),
    proxyProtocol: false,
    mechanisms: new Map(),
    certificateLogin: { from: 'distinguished_name', sanType: 'dns', sanIndex: 0 },
    management: { port: null, address: null },
    managementTls: { port: null, address: null, tls: defaultTls() },
    http: defaultHttp(),
    prometheus: { port: null, address: null },
    prometheusTls: { port: null, address: null, tls: defaultTls() },
    metrics: { path: '/metrics', perObject: false },
    tracing: { directory: null, username: 'guest', password: 'guest' },
    user: { name: 'guest', password: 'guest', tags: new Map(), permissions: ['.*', '.*', '.*'] },
    vhost: '/',
    loopbackUsers: new Map([['guest', true]]),
    limits: {
      heartbeat: 60,
      frameMax: 131072,
      channelMax: 2047,
      handshakeTimeout: 10_000,
      maxMessageSize: 134_217_728,
      connectionMax: null,
      consumerTimeout: 1_800_000,
    },
    peerDiscovery: 'classic_config',
    peers: new Map(),
    cluster: {
      clusterName: null,
      partitionHandling: 'ignore',
      tickTime: 60,
      queueMasterLocator: 'client-local',
    },
    resources: {
      memoryHighWatermark: { relative: 0.4 },
      memoryPagingRatio: 0.5,
      diskFreeLimit: { bytes: 50_000_000 },
    },
    loadDefinitions: null,
    log: { directory: null, file: null, fileLevel: null, console: null, consoleLevel: null, level: null },
  };
}

const none: Reader<null> = (value) => {
  if (value !== 'none') throw new BadValue(`"${value}" is not "none"; to add one, write key.1 = …`);
  return null;
};

const unlimited = (least: number): Reader<number | null> => {
  const whole = integer(least);
  return (value) => (value === 'infinity' || value === 'undefined' ? null : whole(value));
};

const logLevels = {
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warning: 'warning',
  error: 'error',
  critical: 'error',
  alert: 'error',
  emergency: 'error',
  none: 'none',
} as const satisfies Record<string, LogLevel>;
const logLevelName = oneOf(
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
  'none',
);
const logLevel: Reader<LogLevel> = (value) => logLevels[logLevelName(value)];

const partitionHandling: Reader<NodeConfig['partitionHandling']> = (value) => {
  if (value === 'pause_if_all_down') {
    throw new BadValue(
      'pause_if_all_down is not supported by the bundled broker: ignore, pause_minority or autoheal',
    );
  }
  return oneOf('ignore', 'pause_minority', 'autoheal')(value);
};

const peerDiscovery: Reader<'classic_config' | 'none'> = (value) => {
  if (/^(rabbit_peer_discovery_)?classic_config$/.test(value)) return 'classic_config';
  throw new BadValue(`"${value}" is not supported by the bundled broker: classic_config is`);
};

const localFilesystem: Reader<string> = (value) => {
  if (value !== 'local_filesystem') {
    throw new BadValue(`"${value}" is not supported by the bundled broker: local_filesystem is`);
  }
  return value;
};

export const settings: Setting[] = [
  setting('listeners.tcp', none, (to) => {
    to.tcp = new Map();
  }),
  setting('listeners.tcp.$name', listener, (to, value, name) => {
    to.tcp ??= new Map();
    to.tcp.set(name, value);
  }),
  ...tlsSettings,
  ...httpSettings,
  ...(['tcp', 'listener'] as const).flatMap((word) => [
    setting(`management.${word}.port`, port, (to, value) => {
      to.management.port = value;
    }),
    setting(`management.${word}.ip`, text, (to, value) => {
      to.management.address = value;
    }),
  ]),
  setting('prometheus.tcp.port', port, (to, value) => {
    to.prometheus.port = value;
  }),
  setting('prometheus.tcp.ip', text, (to, value) => {
    to.prometheus.address = value;
  }),
  setting('prometheus.path', text, (to, value) => {
    to.metrics.path = `/${value.replace(/^\/+/, '')}`;
  }),
  setting('prometheus.return_per_object_metrics', flag, (to, value) => {
    to.metrics.perObject = value;
  }),
  setting('default_user', text, (to, value) => {
    to.user.name = value;
  }),
  setting('default_pass', text, (to, value) => {
    to.user.password = value;
  }),
  setting('default_user_tags.$tag', flag, (to, value, name) => to.user.tags.set(name, value)),
  ...(['configure', 'write', 'read'] as const).map((kind, index) =>
    setting(`default_permissions.${kind}`, text, (to, value) => {
      to.user.permissions[index] = value;
    }),
  ),
  setting('default_vhost', text, (to, value) => {
    to.vhost = value;
  }),
  setting('loopback_users', none, (to) => to.loopbackUsers.clear()),
  setting('loopback_users.$user', flag, (to, value, name) => to.loopbackUsers.set(name, value)),
  setting('heartbeat', integer(), (to, value) => {
    to.limits.heartbeat = value;
  }),
  setting('frame_max', integer(), (to, value) => {
    if (value !== 0 && value < 4096)
      throw new BadValue(`${value} is below 4096, the least that AMQP 0-9-1 allows`);
    to.limits.frameMax = value;
  }),
  setting('channel_max', integer(0, 65535), (to, value) => {
    to.limits.channelMax = value;
  }),
  setting('handshake_timeout', integer(1), (to, value) => {
    to.limits.handshakeTimeout = value;
  }),
  setting('max_message_size', integer(1, 536_870_912), (to, value) => {
    to.limits.maxMessageSize = value;
  }),
  setting('connection_max', unlimited(0), (to, value) => {
    to.limits.connectionMax = value;
  }),
  setting('consumer_timeout', unlimited(1), (to, value) => {
    to.limits.consumerTimeout = value;
  }),
  setting('cluster_name', text, (to, value) => {
    to.cluster.clusterName = value;
  }),
  setting('net_ticktime', integer(1), (to, value) => {
    to.cluster.tickTime = value;
  }),
  setting('cluster_partition_handling', partitionHandling, (to, value) => {
    to.cluster.partitionHandling = value;
  }),
  ...['queue_master_locator', 'queue_leader_locator'].map((key) =>
    setting(key, oneOf('client-local', 'min-masters', 'random', 'balanced'), (to, value) => {
      to.cluster.queueMasterLocator = value === 'balanced' ? 'min-masters' : value;
    }),
  ),
  setting('cluster_formation.peer_discovery_backend', peerDiscovery, (to, value) => {
    to.peerDiscovery = value;
  }),
  setting('cluster_formation.classic_config.nodes.$node', text, (to, value, name) =>
    to.peers.set(name, value),
  ),
  setting('vm_memory_high_watermark.relative', positiveNumber, (to, relative) => {
    if (relative > 1) throw new BadValue(`${relative} is above 1.0, all of the memory`);
    to.resources.memoryHighWatermark = { relative };
  }),
  setting('vm_memory_high_watermark.absolute', bytes, (to, value) => {
    to.resources.memoryHighWatermark = { bytes: value };
  }),
  setting('vm_memory_high_watermark_paging_ratio', positiveNumber, (to, ratio) => {
    if (ratio > 1)
      throw new BadValue(`${ratio} is above 1.0: queues would page out only when publishers wait`);
    to.resources.memoryPagingRatio = ratio;
  }),
  setting('disk_free_limit.relative', positiveNumber, (to, relative) => {
    to.resources.diskFreeLimit = { relative };
  }),
  setting('disk_free_limit.absolute', bytes, (to, value) => {
    to.resources.diskFreeLimit = { bytes: value };
  }),
  ...['load_definitions', 'management.load_definitions', 'definitions.local.path'].map((key) =>
    setting(key, text, (to, value) => {
      to.loadDefinitions = value;
    }),
  ),
  setting('definitions.import_backend', localFilesystem, () => undefined),
  setting('log.dir', text, (to, value) => {
    to.log.directory = value;
  }),
  setting('log.file', text, (to, value) => {
    to.log.file = value === 'false' ? false : value;
  }),
  setting('log.file.level', logLevel, (to, value) => {
    to.log.fileLevel = value;
  }),
  setting('log.console', flag, (to, value) => {
    to.log.console = value;
  }),
  setting('log.console.level', logLevel, (to, value) => {
    to.log.consoleLevel = value;
  }),
  setting('log.default.level', logLevel, (to, value) => {
    to.log.level = value;
  }),
];
