/** What `GET /api/definitions` answers, as far as Warren reads it. */
export interface Definitions {
  readonly rabbitmq_version?: string;
  readonly users: readonly DefinedUser[];
  readonly vhosts: readonly { readonly name: string }[];
  readonly permissions: readonly Row[];
  readonly topic_permissions: readonly Row[];
  readonly parameters: readonly DefinedParameter[];
  readonly global_parameters: readonly { readonly name: string; readonly value: unknown }[];
  readonly policies: readonly Row[];
  readonly exchanges: readonly Row[];
  readonly queues: readonly Row[];
  readonly bindings: readonly Row[];
}

export interface DefinedUser {
  readonly name: string;
  readonly password_hash: string;
  readonly hashing_algorithm: string;
  /** A list from 3.9 on, words with commas before. */
  readonly tags: readonly string[] | string;
  readonly limits?: Readonly<Record<string, number>>;
}

export interface DefinedParameter {
  readonly component: string;
  readonly name: string;
  readonly vhost: string;
  readonly value: unknown;
}

export type Row = Readonly<Record<string, unknown>>;

/** What `GET /api/vhosts` adds: definitions leave the description out before 3.11. */
export interface DefinedVhost {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[] | string;
  /** `undefined`, as a word, when there is none. */
  readonly default_queue_type?: string;
}

/** All that the broker holds, in two requests. */
export interface Found {
  readonly definitions: Definitions;
  readonly vhosts: readonly DefinedVhost[];
}

/** Of a cluster that is not there yet. */
export const nothingFound: Found = {
  definitions: {
    users: [],
    vhosts: [],
    permissions: [],
    topic_permissions: [],
    parameters: [],
    global_parameters: [],
    policies: [],
    exchanges: [],
    queues: [],
    bindings: [],
  },
  vhosts: [],
};
