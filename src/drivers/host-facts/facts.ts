/** What one look at a host found. Whatever is not there is absent; nothing is guessed. */
export interface HostFacts {
  /** How far the host's clock is ahead of ours. */
  readonly clockAheadMs: number;
  readonly hostName: string;
  readonly root: boolean;
  readonly os?: OsFacts | undefined;
  readonly systemd: boolean;
  readonly memoryBytes: number;
  /** Free where RabbitMQ keeps its data. */
  readonly diskFreeBytes: number;
  readonly addresses: readonly AddressFacts[];
  readonly interfaces: readonly string[];
  readonly packages: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, ServiceFacts>;
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly hostsFile: string;
  /** Of the cookie only its hash; its mode and owner decide whether the node can read it. */
  readonly cookie?: FileFacts | undefined;
  /** When the service's process started, in seconds of the host's clock. */
  readonly startedAt?: number | undefined;
  /** A note that the node has to be started anew, with the second in which it was left. */
  readonly restartNote?: { readonly at: number; readonly reason: string } | undefined;
  /** Whether policy-rc.d is the one that stands there while Warren installs packages. */
  readonly policyIsOurs: boolean;
  readonly enabledPlugins?: readonly string[] | undefined;
  readonly secrets: Readonly<Record<string, string>>;
  readonly resolves: ReadonlyMap<string, readonly string[]>;
  /** Addresses that answer a ping and are not this host's. */
  readonly answers: readonly string[];
  readonly data: readonly NodeData[];
  readonly listeners: readonly ListenerFacts[];
}

export interface OsFacts {
  readonly id: string;
  readonly version: string;
  readonly like: readonly string[];
  readonly name: string;
}

export interface AddressFacts {
  readonly interface: string;
  readonly address: string;
  readonly prefix: number;
}

export interface ServiceFacts {
  readonly loaded: boolean;
  readonly active: string;
  readonly sub: string;
  readonly enabled: boolean;
  readonly masked: boolean;
  readonly openFiles: number;
  readonly pid: number;
}

export interface FileFacts {
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  readonly sha256: string;
}

/** The data folder of a node, as it lies there while nothing may be running. */
export interface NodeData {
  readonly node: string;
  /** The cluster as this node last knew it. */
  readonly members: readonly string[];
  readonly vhosts: readonly { readonly name: string; readonly queues: number }[];
}

export interface ListenerFacts {
  readonly port: number;
  readonly address: string;
  readonly program: string;
  readonly pid: number;
}
