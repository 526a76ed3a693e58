/**
 * What the tools ask a node: `call('control', { command, args })`. Names, arguments and answers; plain data, since
 * they cross the link. `control.ts` answers; the tools turn the answers into RabbitMQ's words.
 */
import type { LogLevel } from '../config/node-config.js';
import type { OperationArguments, OperationName } from '../core/metadata/operations.js';
import type { TableName, TableRows } from '../core/metadata/rows.js';
import type { AppState, NodeFacts } from './node-control.js';

type None = Record<string, never>;
type Info = Record<string, unknown>;

interface ControlRequests {
  /** Answered whether the application runs or not. */
  app: { args: None; answer: AppState };
  facts: { args: None; answer: NodeFacts };
  members: { args: None; answer: { name: string; type: 'disc' | 'ram' }[] };
  stop: { args: None; answer: null };
  stop_app: { args: None; answer: null };
  start_app: { args: None; answer: null };
  reset: { args: { force: boolean }; answer: null };
  join: { args: { node: string; type: 'disc' | 'ram' }; answer: 'joined' | 'already_member' };
  forget: { args: { node: string; offline: boolean }; answer: null };
  set_plugins: { args: { enabled: string[] }; answer: { started: string[]; stopped: string[] } };
  connect_to: { args: { address: string; port: number }; answer: boolean };
  set_memory_high_watermark: { args: { relative: number } | { bytes: number }; answer: null };
  set_disk_free_limit: { args: { relative: number } | { bytes: number }; answer: null };
  environment: { args: None; answer: Info };
  force_boot: { args: None; answer: null };
  suspend_listeners: { args: None; answer: null };
  resume_listeners: { args: None; answer: null };
  set_log_level: { args: { level: LogLevel }; answer: null };
  force_gc: { args: None; answer: null };
  peers: { args: None; answer: string[] };
  os_env: { args: None; answer: Record<string, string> };

  /** From here on the application must run. */
  cluster: { args: None; answer: ClusterAnswer };
  rows: { args: { table: TableName; vhost?: string }; answer: TableRows[TableName][] };
  submit: { args: { operation: OperationName; args: OperationArguments<OperationName> }; answer: unknown };
  authenticate: { args: { user: string; password: string }; answer: boolean };
  queues: { args: { vhost: string; which: QueueFilter }; answer: Info[] };
  exchanges: { args: { vhost: string }; answer: Info[] };
  bindings: { args: { vhost: string }; answer: Info[] };
  connections: { args: None; answer: Info[] };
  channels: { args: None; answer: Info[] };
  consumers: { args: { vhost: string }; answer: Info[] };
  vhosts: { args: None; answer: VhostAnswer[] };
  /** The vhosts that this node traces. */
  tracing: { args: None; answer: string[] };
  export_definitions: { args: None; answer: Info };
  import_definitions: { args: { definitions: Info }; answer: null };
  purge: { args: { vhost: string; queue: string }; answer: { purged: number } | null };
  delete_queue: {
    args: { vhost: string; queue: string; ifEmpty: boolean; ifUnused: boolean };
    answer: { deleted: number } | 'not_found' | 'not_empty' | 'in_use';
  };
  sync_queue: {
    args: { vhost: string; queue: string; start: boolean };
    answer: 'ok' | 'not_found' | 'not_mirrored';
  };
  trace: { args: { vhost: string; on: boolean }; answer: null };
  /** Chosen by name or pid, by vhost, by user; answers how many were told to close. */
  close_connections: { args: ConnectionChoice; answer: number };
  /** Logins on this node by their protocol, before they are forgotten if that is asked for. */
  auth_attempts: {
    args: { reset: boolean };
    answer: { protocol: string; succeeded: number; failed: number }[];
  };
  /** Those of this node. */
  close_local_connections: { args: ConnectionChoice; answer: number };
  /** What this node alone knows, for the listings of the others. */
  local: { args: { what: 'queues' | 'connections' | 'channels' | 'consumers' }; answer: Info[] };
  node: { args: None; answer: ClusterNodeAnswer };
}

export interface ConnectionChoice {
  name?: string;
  vhost?: string;
  user?: string;
  limit?: number;
  /** Milliseconds between two. */
  delay?: number;
  reason: string;
}

export type QueueFilter = 'online' | 'offline' | 'local' | 'all';

interface ClusterNodeAnswer {
  node: string;
  listeners: NodeFacts['listeners'];
  partitions: string[];
  maintenance: boolean;
}

export interface ClusterAnswer {
  name: string;
  nodes: { name: string; type: 'disc' | 'ram'; running: boolean }[];
  /** Those of the running ones that answered; a node that hangs does not. */
  answered: ClusterNodeAnswer[];
  alarms: NodeFacts['alarms'];
}

export interface VhostAnswer {
  name: string;
  description: string;
  tags: string[];
  defaultQueueType: string | null;
  tracing: boolean;
  clusterState: [node: string, state: string][];
}

export type ControlName = keyof ControlRequests;
export type ControlArguments<N extends ControlName> = ControlRequests[N]['args'];
export type ControlAnswers = { [N in ControlName]: ControlRequests[N]['answer'] };

export interface ControlCall<N extends ControlName = ControlName> {
  command: N;
  args: ControlArguments<N>;
}
