/** A cluster as its file describes it. Everything is optional: what is left out has a default. */
export interface ClusterFile {
  readonly name?: string | undefined;
  readonly engine?: string | undefined;
  readonly engine_dir?: string | undefined;
  readonly port_base?: number | undefined;
  /** Node names without the `@host`; a number of nodes has been made names by the reader. */
  readonly nodes?: readonly FileNode[] | undefined;
  readonly ha?: string | undefined;
  readonly plugins?: readonly string[] | undefined;
  readonly vhosts?: readonly string[] | undefined;
  readonly users?: readonly FileUser[] | undefined;
  readonly policies?: readonly FilePolicy[] | undefined;
}

export interface FileNode {
  readonly name: string;
  /** Where the node's host is reached; without one, the node runs on this machine. */
  readonly address?: string | undefined;
}

export interface FileUser {
  readonly name: string;
  readonly password: string;
  readonly tags: readonly string[];
  readonly permissions: readonly FilePermission[];
}

interface FilePermission {
  readonly vhost: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

interface FilePolicy {
  readonly name: string;
  readonly vhost: string;
  readonly pattern: string;
  readonly 'apply-to': string;
  readonly priority: number;
  readonly definition: Readonly<Record<string, unknown>>;
}

export function remoteNode(file: ClusterFile | undefined): FileNode | undefined {
  return file?.nodes?.find((node) => node.address !== undefined);
}
