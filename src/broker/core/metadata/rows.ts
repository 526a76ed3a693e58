/**
 * The rows of the replicated metadata: what every node of the cluster knows (the notes' four kinds of metadata,
 * and users, permissions, policies, parameters and the nodes themselves). Rows are plain data; a change is a
 * list of rows put or deleted. Keys are built by `keys` so that no two tables disagree on their form.
 */
import type { FieldTable } from '../../protocol/field-table.js';

export interface NodeRow {
  name: string;
  type: 'disc' | 'ram';
  running: boolean;
  /** Grows each time a node comes up; the running node with the smallest is the oldest, which orders changes. */
  upSequence: number;
  /** Names the run in which it is, or was last, up: a node that came back is not the one that went down. */
  incarnation: string;
}

export interface VhostRow {
  name: string;
  description: string;
  tags: string[];
  /** classic | quorum | stream, or undefined */
  defaultQueueType?: string;
  /** trace_on is per node in RabbitMQ and is not a row */
}

export interface UserRow {
  name: string;
  /** base64 of salt and hash, as RabbitMQ's definitions have it; '' = no password login */
  passwordHash: string;
  hashingAlgorithm: string;
  tags: string[];
  limits: Record<string, number>;
}

export interface PermissionRow {
  user: string;
  vhost: string;
  configure: string;
  write: string;
  read: string;
}

export interface TopicPermissionRow {
  user: string;
  vhost: string;
  exchange: string;
  write: string;
  read: string;
}

export interface PolicyRow {
  vhost: string;
  name: string;
  pattern: string;
  applyTo: 'all' | 'queues' | 'exchanges';
  priority: number;
  definition: Record<string, unknown>;
}

export interface ParameterRow {
  vhost: string;
  component: string;
  name: string;
  value: unknown;
}

interface GlobalParameterRow {
  name: string;
  value: unknown;
}

export interface ExchangeRow {
  vhost: string;
  name: string;
  type: string;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: FieldTable;
  /** Who declared it, where a user did (user_who_performed_action). */
  user?: string;
}

export interface QueueRow {
  vhost: string;
  name: string;
  /** Unique over the life of the cluster: a queue deleted and declared again is another queue to the stores. */
  id: string;
  type: 'classic' | 'quorum' | 'stream';
  durable: boolean;
  autoDelete: boolean;
  /** Identity of the connection that owns an exclusive queue (`ConnectionIdentity.id`), null for the others. */
  exclusiveOwner: string | null;
  arguments: FieldTable;
  /** Node that leads it; its messages live there. */
  leader: string;
  /** Nodes that are to have a copy, up or down: a quorum queue's and a stream's. */
  members?: string[];
  /** Nodes that mirror it now, oldest first (running ones only). */
  mirrors: string[];
  /** Those of `mirrors` that hold every message of the leader. */
  syncedMirrors: string[];
  /** Mirrors that went down and may come back. */
  recoverableMirrors: string[];
}

export interface BindingRow {
  vhost: string;
  source: string;
  destination: string;
  destinationKind: 'queue' | 'exchange';
  routingKey: string;
  arguments: FieldTable;
  /** '~'-joined form that RabbitMQ shows as properties_key */
  propertiesKey: string;
}

export interface TableRows {
  nodes: NodeRow;
  vhosts: VhostRow;
  users: UserRow;
  permissions: PermissionRow;
  topicPermissions: TopicPermissionRow;
  policies: PolicyRow;
  operatorPolicies: PolicyRow;
  parameters: ParameterRow;
  globalParameters: GlobalParameterRow;
  exchanges: ExchangeRow;
  queues: QueueRow;
  bindings: BindingRow;
}

export type TableName = keyof TableRows;

/** One row put (`row`) or deleted (`row: null`). */
export type Change = {
  [T in TableName]: { table: T; key: string; row: TableRows[T] | null };
}[TableName];

/** Changes that are applied together, in the same order on every node. */
export interface Transaction {
  /** 1, 2, 3 … over the life of the cluster. */
  sequence: number;
  changes: Change[];
}

const join = (...parts: string[]) => parts.join('\0');

export const keys = {
  node: (name: string) => name,
  vhost: (name: string) => name,
  user: (name: string) => name,
  permission: (user: string, vhost: string) => join(user, vhost),
  topicPermission: (user: string, vhost: string, exchange: string) => join(user, vhost, exchange),
  policy: (vhost: string, name: string) => join(vhost, name),
  parameter: (vhost: string, component: string, name: string) => join(vhost, component, name),
  globalParameter: (name: string) => name,
  exchange: (vhost: string, name: string) => join(vhost, name),
  queue: (vhost: string, name: string) => join(vhost, name),
  binding: (row: BindingRow) =>
    join(row.vhost, row.source, row.destinationKind, row.destination, row.routingKey, row.propertiesKey),
};
