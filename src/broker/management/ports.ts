/** What the management room needs of the node around it; `node.ts` fills these in. */
import type { HttpOptions, OpenListener } from '../config/node-config.js';
import type { Admin } from '../core/admin-port.js';
import type { Broker } from '../core/broker-port.js';
import type { Clock, Logger, Peers } from '../core/ports.js';
import type { Traces } from '../tracing/traces.js';

export interface ManagementPorts {
  admin: Admin;
  broker: Broker;
  peers: Peers;
  http: HttpOptions;
  clock: Clock;
  logger: Logger;
  /** What this process is and uses now; read when somebody asks. */
  facts(): ManagementFacts;
  /** Null while rabbitmq_tracing does not run. */
  traces(): Traces | null;
}

/** Sizes in bytes, times in milliseconds since 1970. */
export interface ManagementFacts {
  productVersion: string;
  pid: number;
  startedAt: number;
  /** Every listener of the node: amqp, clustering, http … */
  listeners: OpenListener[];
  plugins: { enabled: string[] };
  configFile: string | null;
  dataDirectory: string;
  logFiles: string[];
  memory: { rss: number; heapUsed: number; heapTotal: number; external: number; limit: number };
  disk: { free: number; limit: number };
  fileDescriptors: { used: number; limit: number; socketsUsed: number; socketsLimit: number };
  /** Node → nodes it lost, as this node sees it. */
  partitions: Record<string, string[]>;
  /** Seconds. */
  netTicktime: number;
}
