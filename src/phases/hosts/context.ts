import type { Duplex } from 'node:stream';
import type { ClusterFile, FileNode } from '../../cluster-file/cluster-file.js';
import { type Host, nodeNameOf, type Role } from '../../cluster-file/hosts.js';
import type { SecretText } from '../../cluster-file/secret.js';
import type { HostFacts } from '../../drivers/host-facts/facts.js';
import type { Transport } from '../../drivers/transport/transport.js';
import type { ErrorReport } from '../../errors/warren-error.js';
import type { ClusterView } from './cluster-view.js';
import type { HostSecrets } from './secrets.js';

/** What the phases of an operation on hosts share. */
export interface HostsContext {
  readonly file: ClusterFile;
  /** Every host of the cluster file, brokers first. */
  readonly hosts: readonly Host[];
  /** The hosts that may be changed; the others are only looked at. */
  readonly limit: ReadonlySet<string>;
  /** How many hosts are worked on at a time. */
  readonly concurrency: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** How long a node may think about its view of the cluster. */
  readonly patienceMs: number;
  readonly open: (host: Host) => Promise<Transport>;
  /** A connection to a port as a program on that host would open it. */
  readonly connect: (host: Host, address: string, port: number) => Promise<Duplex>;
  /** Nodes that the user allows to be reset, by host name. */
  readonly resettable: ReadonlySet<string>;
  /** Where exports of what a reset deletes are kept. */
  readonly exports: string;
  readonly transports: Map<string, Transport>;
  readonly facts: Map<string, HostFacts>;
  readonly findings: Finding[];
  /** Hosts that failed, by name. */
  readonly failures: Map<string, Failure>;
  /** Phases about the whole cluster that a host's failure put off. */
  readonly putOff: { readonly phase: string; readonly waitsFor: readonly string[] }[];
  readonly secrets: HostSecrets;
  readonly cookie: CookieSource;
  /** Nodes that this run has stopped and must start again, by host name. */
  readonly stopped: Set<string>;
  /** The cluster as its running nodes see it; filled by its phase, renewed when nodes start. */
  view: ClusterView;
  /** Whether this run has begun to change something: what was seen before is then not to be relied on. */
  changed: boolean;
  /** Nodes that must be started anew for what was written to take effect, with the reason. */
  readonly restarts: Map<string, string>;
}

/** The cookie of the cluster file, if it names one, and the text for all hosts once somebody has asked. */
export interface CookieSource {
  readonly given?:
    | {
        readonly sha256: string;
        readonly value: SecretText /** The host it was taken from, if it was. */;
        readonly from?: string;
      }
    | undefined;
  text?: Promise<string>;
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** What a look at the hosts found amiss. */
export interface Finding {
  readonly host: string;
  readonly code: string;
  readonly problem: string;
  readonly next: string;
  /** `stops`: nothing is changed while it stands; `note`: it does not stop an apply. */
  readonly weight: 'stops' | 'note';
}

interface Failure {
  /** The title of the phase in which it happened. */
  readonly phase: string;
  readonly report: ErrorReport;
}

export interface Broker extends Host {
  readonly node: FileNode;
  readonly nodeName: string;
}

/** The hosts of a role, or all, in the order of the file. */
export function hostsWith(context: HostsContext, role?: Role): Host[] {
  return context.hosts.filter(({ roles }) => role === undefined || roles.includes(role));
}

export function brokersOf(context: HostsContext): Broker[] {
  return hostsWith(context, 'broker').map((host) => brokerOf(context, host));
}

export function brokerOf(context: HostsContext, host: Host): Broker {
  const node = context.file.nodes!.find(({ name }) => name === host.name)!;
  return { ...host, node, nodeName: nodeNameOf(node) };
}

export function factsOf(context: HostsContext, host: Pick<Host, 'name'>): HostFacts {
  return context.facts.get(host.name)!;
}

export function transportOf(context: HostsContext, host: Pick<Host, 'name'>): Transport {
  return context.transports.get(host.name)!;
}

/** RabbitMQ's version: the one that is installed, or else the one the cluster file asks for. */
export function versionOf({ hosts, facts, file }: HostsContext): string | undefined {
  const installed = hosts.map(({ name }) => facts.get(name)?.packages.get('rabbitmq-server'));
  return installed.find((version) => version !== undefined) ?? file.rabbitmq.version;
}
