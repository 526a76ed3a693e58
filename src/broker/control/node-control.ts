/**
 * What the tools may ask of the process itself, beside the broker that runs in it. `node.ts` implements it; the
 * control handlers (`control/handlers`) are its only callers. All of it works while the RabbitMQ application is
 * stopped (`rabbitmqctl stop_app`), since the process and its distribution listener stay up then.
 *
 * Refusals are `ControlError`s, so that a tool can word them and choose its exit status.
 */
import type { Listener, LogLevel, OpenListener } from '../config/node-config.js';
import { OperationRefused } from '../core/metadata/operation.js';

/** Stable codes; `tools/` maps them to RabbitMQ's texts and exit statuses. */
export type ControlErrorCode =
  /** The command needs the application, and it is stopped (or still starts). */
  | 'app_not_running'
  /** reset, join_cluster … while the application runs: "this command requires the 'rabbit' app to be stopped". */
  | 'app_running'
  | 'bad_argument'
  | 'not_found'
  | 'already_exists'
  /** The node named in join_cluster, forget_cluster_node … cannot be reached. */
  | 'node_unreachable'
  /** forget_cluster_node of a node that runs. */
  | 'node_running'
  /** join_cluster to oneself, to a node whose application is stopped, to a cluster that has this node already … */
  | 'cannot_cluster'
  /** forget/reset: not a member, or the last one with a disk. */
  | 'not_a_member'
  | 'unsupported_plugin'
  | 'failed';

/** An OperationRefused, so that its code and details cross the link to the tool. */
export class ControlError extends OperationRefused {
  constructor(code: ControlErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(code, message, details);
    this.name = 'ControlError';
  }
}

export type AppState = 'running' | 'starting' | 'stopping' | 'stopped';

export interface AlarmFact {
  node: string;
  resource: 'memory' | 'disk';
}

/** What this process is and uses now. Sizes are bytes, times milliseconds since 1970. */
export interface NodeFacts {
  node: string;
  /** Warren's own version; the level of compatibility (3.10.8) is the tools' constant. */
  productVersion: string;
  pid: number;
  startedAt: number;
  app: AppState;
  listeners: OpenListener[];
  /** What the enabled_plugins file names, and everything that runs because of it. */
  plugins: { enabled: string[]; active: string[] };
  enabledPluginsFile: string;
  configFile: string | null;
  dataDirectory: string;
  logFiles: string[];
  alarms: AlarmFact[];
  memory: { rss: number; heapUsed: number; heapTotal: number; external: number; limit: number };
  memoryHighWatermark: { relative: number } | { bytes: number };
  disk: { free: number; limit: number };
  fileDescriptors: { used: number; limit: number; socketsUsed: number; socketsLimit: number };
  /** Name of the cluster's partitions as this node sees them: node → nodes it lost. */
  partitions: Record<string, string[]>;
  /** Seconds. */
  netTicktime: number;
  maintenance: boolean;
}

export interface NodeControl {
  readonly node: string;
  readonly app: AppState;
  facts(): NodeFacts;

  /** Resolves as soon as stopping has begun (the answer still has to travel); the process ends by itself. */
  stop(): Promise<void>;
  /** Does nothing when it is stopped already. */
  stopApp(): Promise<void>;
  /** Does nothing when it runs already. Resolves when clients can connect. */
  startApp(): Promise<void>;

  /** Leaves its cluster (unless `force`) and empties the data directory. Throws app_running. */
  reset(force: boolean): Promise<void>;
  /** Wipes this node and makes it a member of `seed`'s cluster. Throws app_running, node_unreachable, cannot_cluster. */
  join(seed: string, type: 'disc' | 'ram'): Promise<'joined' | 'already_member'>;
  /** Throws node_running, not_a_member. `offline`: this node's application is stopped and no other member runs. */
  forget(node: string, offline: boolean): Promise<void>;
  /** Cluster members as known on disk, whether the application runs or not. */
  members(): Promise<{ name: string; type: 'disc' | 'ram' }[]>;

  /** Writes the enabled_plugins file and starts or stops what changed; names are known and supported (`config/plugins.ts`). */
  setPlugins(enabled: string[]): Promise<{ started: string[]; stopped: string[] }>;

  /** The next start waits for nobody. Throws app_running. */
  forceBoot(): Promise<void>;
  /** No new clients on any listener but the distribution's, and again; those that are there stay. */
  suspendListeners(): Promise<void>;
  resumeListeners(): Promise<void>;
  setLogLevel(level: LogLevel): void;
  collectGarbage(): void;
  /** cluster_formation.classic_config */
  peersConfigured(): string[];

  setMemoryHighWatermark(watermark: { relative: number } | { bytes: number }): void;
  setDiskFreeLimit(limit: { bytes: number } | { relative: number }): void;
  /** Connects to a listener of this node, for check_port_connectivity. */
  connectTo(listener: Listener): Promise<boolean>;
}
