import type { Secret } from './secret.js';

/** What a cluster file wants the broker to hold, in the words of RabbitMQ's definitions. */
export interface FileObjects {
  readonly vhosts: readonly FileVhost[];
  readonly users: readonly FileUser[];
  readonly permissions: readonly FilePermission[];
  readonly topic_permissions: readonly FileTopicPermission[];
  readonly policies: readonly FilePolicy[];
  readonly operator_policies: readonly FilePolicy[];
  readonly parameters: readonly FileParameter[];
  readonly global_parameters: readonly { readonly name: string; readonly value: unknown }[];
  readonly exchanges: readonly FileExchange[];
  readonly queues: readonly FileQueue[];
  readonly bindings: readonly FileBinding[];
}

type QueueType = 'classic' | 'quorum' | 'stream';
type Table = Readonly<Record<string, unknown>>;
type Limits = Readonly<Record<string, number>>;

export interface FileVhost {
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags: readonly string[];
  readonly default_queue_type?: QueueType | undefined;
  readonly limits: Limits;
}

export interface FileUser {
  readonly name: string;
  readonly password?: Secret | undefined;
  readonly password_hash?: Secret | undefined;
  readonly hashing_algorithm?: string | undefined;
  readonly tags: readonly string[];
  readonly limits: Limits;
}

interface FilePermission {
  readonly user: string;
  readonly vhost: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

interface FileTopicPermission {
  readonly user: string;
  readonly vhost: string;
  readonly exchange: string;
  readonly write: string;
  readonly read: string;
}

export interface FilePolicy {
  readonly name: string;
  readonly vhost: string;
  readonly pattern: string;
  readonly 'apply-to': string;
  readonly priority: number;
  readonly definition: Table;
}

export interface FileParameter {
  readonly component: string;
  readonly name: string;
  readonly vhost: string;
  readonly value: unknown;
}

export interface FileExchange {
  readonly name: string;
  readonly vhost: string;
  readonly type: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly internal: boolean;
  readonly arguments: Table;
}

export interface FileQueue {
  readonly name: string;
  readonly vhost: string;
  readonly type?: QueueType | undefined;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly arguments: Table;
}

export interface FileBinding {
  readonly source: string;
  readonly vhost: string;
  readonly destination: string;
  readonly destination_type: 'queue' | 'exchange';
  readonly routing_key: string;
  readonly arguments: Table;
}
