import type { FrontEnd } from './front-end.js';
import type { FileObjects } from './objects.js';
import type { Profile } from './profile.js';
import type { Secret } from './secret.js';
import type { NodeTls, TlsSettings } from './tls.js';

/**
 * A cluster as its file describes it, with every default filled in, every
 * path made absolute and every secret left as a reference. The words are those
 * of the file.
 */
export interface ClusterFile extends FileObjects {
  /** The file it was read from, as it was named. */
  readonly file: string;
  readonly name: string;
  /** What only nodes on this machine have; the command line may say otherwise. */
  readonly engine?: string | undefined;
  readonly engine_dir?: string | undefined;
  readonly port_base?: number | undefined;
  readonly ha?: string | undefined;
  /** A number of nodes has been made names by the reader. */
  readonly nodes?: readonly FileNode[] | undefined;
  readonly rabbitmq: RabbitmqSettings;
  /** rabbitmq_management, and what the file names. */
  readonly plugins: readonly string[];
  readonly profile?: Profile | undefined;
  readonly front_end?: FrontEnd | undefined;
  /** What is allowed and yet likely to be regretted. */
  readonly warnings: readonly Warning[];
}

export interface FileNode {
  /** Short, or whole with long names; without `rabbit@`. */
  readonly name: string;
  /** Where the node's host is reached; without one, the node runs on this machine. */
  readonly address?: string | undefined;
  readonly ssh: SshSettings;
  /** Keys of rabbitmq.conf and variables of this node, over those of all. */
  readonly config: Readonly<Record<string, Scalar>>;
  readonly environment: Readonly<Record<string, Scalar>>;
  /** There when the nodes speak TLS. */
  readonly tls?: NodeTls | undefined;
}

export type Scalar = string | number | boolean;

export interface SshAccess {
  readonly user: string;
  readonly port: number;
  readonly key?: string | undefined;
  readonly passphrase?: Secret | undefined;
  readonly password?: Secret | undefined;
  readonly agent: boolean;
  readonly known_hosts: string;
}

export interface SshSettings extends SshAccess {
  readonly bastion?: (SshAccess & { readonly address: string }) | undefined;
  readonly sudo: boolean;
  readonly sudo_password?: Secret | undefined;
}

interface RabbitmqSettings {
  /** What the source offers, when the file names none. */
  readonly version?: string | undefined;
  /** Of Erlang, where it matters which. */
  readonly erlang?: string | undefined;
  readonly source: 'system' | Repositories;
  readonly config: Readonly<Record<string, Scalar>>;
  readonly environment: Readonly<Record<string, Scalar>>;
  readonly limits: { readonly open_files: number };
  readonly long_names: boolean;
  readonly tls?: TlsSettings | undefined;
  readonly cookie: Secret;
}

/** Repositories of packages, each with the file of the key that it is signed with. */
interface Repositories {
  readonly apt: readonly {
    readonly uri: string;
    readonly suite: string;
    readonly components: readonly string[];
    readonly key?: string | undefined;
  }[];
  readonly yum: readonly { readonly uri: string; readonly key?: string | undefined }[];
}

export interface Warning {
  readonly message: string;
  /** file:line:column */
  readonly where: string;
  readonly suggestion: string;
}

export function remoteNode(file: ClusterFile | undefined): FileNode | undefined {
  return file?.nodes?.find((node) => node.address !== undefined);
}
