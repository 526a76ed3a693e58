import type { ClusterPort } from '../cluster/cluster-port.js';
import type { NodeConfig, OpenListener } from '../config/node-config.js';
import type { NodeFacts } from '../control/node-control.js';
import { product } from '../product.js';
import type { Application } from './application.js';
import { memoryUsage } from './memory.js';
import { fileDescriptors } from './open-files.js';

interface Known {
  config: NodeConfig;
  startedAt: number;
  /** Null while it is stopped. */
  application: Application | null;
  cluster: ClusterPort;
  enabledPlugins(): string[];
}

export function nodeFacts(
  app: NodeFacts['app'],
  { config, startedAt, application, cluster, enabledPlugins }: Known,
): NodeFacts {
  const { rss, heapUsed, heapTotal, external } = memoryUsage();
  const partitions = cluster.partitions();
  return {
    node: config.nodeName,
    productVersion: product.version,
    pid: process.pid,
    startedAt,
    app,
    listeners: listenersOf(config, application),
    plugins: {
      enabled: enabledPlugins(),
      active: [...(application?.plugins.active ?? [])],
    },
    enabledPluginsFile: config.enabledPluginsFile,
    configFile: config.configFile,
    dataDirectory: config.directories.mnesia,
    logFiles: config.log.file === null ? ['<stdout>'] : [config.log.file],
    alarms: application?.broker.alarms.active() ?? [],
    memory: { rss, heapUsed, heapTotal, external, limit: application?.resources.memoryLimit ?? 0 },
    memoryHighWatermark: application?.resources.memoryWatermark ?? config.memoryHighWatermark,
    disk: {
      free: application?.resources.diskFree ?? 0,
      limit: application?.resources.diskFreeLimit ?? 0,
    },
    fileDescriptors: fileDescriptors(),
    partitions: partitions.length === 0 ? {} : { [config.nodeName]: partitions },
    netTicktime: config.tickTime,
    maintenance: false,
  };
}

function listenersOf(config: NodeConfig, application: Application | null): OpenListener[] {
  const clustering = { protocol: 'clustering', ...config.distribution };
  if (application === null) return [clustering];
  const { tls } = config.amqp;
  const amqp = application.amqp.addresses().map((listener) => ({ protocol: 'amqp', ...listener }));
  const secure = application.amqp
    .secureAddresses()
    .map((listener) => ({ protocol: 'amqp/ssl', ...listener, ...(tls === null ? {} : { tls }) }));
  return [clustering, ...amqp, ...secure, ...application.plugins.listeners];
}
