/**
 * What was observed of a cluster at one moment, by all ways there are: the
 * management API of each node, the hosts, the certificates. Everything that
 * watches reads this and nothing else. What could not be observed is
 * undefined, which is neither good nor bad: no alarm begins by it and none ends.
 */
export interface Snapshot {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly cluster: string;
  readonly place: Place;
  /** Why the API tells nothing; then there are no queues, and of nodes only what needs no API. */
  readonly blind?: string | undefined;
  readonly nodes: readonly NodeState[];
  readonly queues?: readonly QueueState[] | undefined;
  readonly traffic?: Traffic | undefined;
  readonly clients?: Clients | undefined;
  readonly certificates: readonly CertificateState[];
  /** What only a look at the hosts tells; undefined where there are none to look at. */
  readonly hosts?: HostsState | undefined;
}

/** Where the cluster is, which decides what to type next. */
export type Place =
  | { readonly kind: 'local'; readonly cluster: string }
  | { readonly kind: 'hosts'; readonly file: string }
  | { readonly kind: 'url'; readonly url: string };

export interface NodeState {
  readonly name: string;
  readonly up: boolean;
  /** Why it is held to be down. */
  readonly reason?: string | undefined;
  readonly version?: string | undefined;
  readonly uptimeMs?: number | undefined;
  readonly drained?: boolean | undefined;
  readonly memory?: Level | undefined;
  readonly memoryAlarm?: boolean | undefined;
  /** Free, and the limit that raises the alarm. */
  readonly disk?: Level | undefined;
  readonly diskAlarm?: boolean | undefined;
  readonly fileDescriptors?: Level | undefined;
  readonly sockets?: Level | undefined;
  /** How fast the free space and the used memory change, in bytes a second. */
  readonly diskRate?: number | undefined;
  readonly memoryRate?: number | undefined;
  /** Nodes that it is partitioned from by its own word, or that do not see it though it answers. */
  readonly partitions?: readonly string[] | undefined;
}

export interface Level {
  readonly value: number;
  readonly limit: number;
}

export interface QueueState {
  readonly vhost: string;
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly node?: string | undefined;
  readonly messages?: number | undefined;
  readonly ready?: number | undefined;
  readonly unacknowledged?: number | undefined;
  readonly bytes?: number | undefined;
  readonly consumers?: number | undefined;
  readonly rates: QueueRates;
  readonly maxLength?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly members: readonly string[];
  /** Members that run, or mirrors that are synchronised, the leader among them. */
  readonly whole: readonly string[];
}

/** Messages a second; undefined until it is known. Growth alone can be negative. */
export interface QueueRates {
  readonly published?: number | undefined;
  readonly delivered?: number | undefined;
  readonly acknowledged?: number | undefined;
  /** Delivered to those who acknowledge nothing: gone with the delivery. */
  readonly taken?: number | undefined;
  readonly growth?: number | undefined;
}

interface Traffic {
  readonly published?: number | undefined;
  readonly delivered?: number | undefined;
  readonly acknowledged?: number | undefined;
  readonly connections: number;
  readonly channels: number;
  readonly consumers: number;
}

/** Who is connected, where that was asked for. */
export interface Clients {
  readonly consumers: readonly ConsumerState[];
  /** Connections that publish and may not: by an alarm (blocked) or because queues are slower (flow). */
  readonly blocked: readonly { readonly name: string; readonly state: string }[];
}

interface ConsumerState {
  readonly vhost: string;
  readonly queue: string;
  readonly channel: string;
  readonly prefetch: number;
  readonly acknowledges: boolean;
  /** Unacknowledged on the whole channel. */
  readonly unacknowledged?: number | undefined;
}

export interface CertificateState {
  readonly where: string;
  readonly subject: string;
  readonly expiresAt: number;
}

export interface HostsState {
  /** The hash of each broker's cookie, by host. */
  readonly cookies: ReadonlyMap<string, string>;
  /** Who holds each virtual address, and the balancers that were asked and that did not answer. */
  readonly addresses: readonly {
    readonly address: string;
    readonly holders: readonly string[];
    readonly silent: readonly string[];
  }[];
}

/** A queue as it is told and searched for: anybody may name one, so nothing in it reaches a terminal as a command. */
export function queueTitle({ vhost, name }: { readonly vhost: string; readonly name: string }): string {
  return printable(vhost === '/' ? name : `${name} (vhost ${vhost})`);
}

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
