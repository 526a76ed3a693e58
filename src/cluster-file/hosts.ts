import type { ClusterFile, FileNode, SshSettings } from './cluster-file.js';

export type Role = 'broker' | 'balancer';

/** A machine of the cluster that is reached over SSH. */
export interface Host {
  readonly name: string;
  readonly address: string;
  readonly ssh: SshSettings;
  readonly roles: readonly Role[];
}

/** Every host of the file once, brokers first, in the order of the file. */
export function hostsOf(file: ClusterFile): Host[] {
  const hosts = new Map<string, Host>();
  const add = (one: Omit<Host, 'roles'>, role: Role) => {
    const known = hosts.get(one.name);
    hosts.set(one.name, { ...(known ?? hostOnly(one)), roles: [...(known?.roles ?? []), role] });
  };
  for (const { name, address, ssh } of file.nodes ?? []) {
    if (address !== undefined) add({ name, address, ssh }, 'broker');
  }
  for (const host of file.front_end?.hosts ?? []) add(host, 'balancer');
  return [...hosts.values()];
}

/** The whole node name, as RabbitMQ has it: `rabbit@server1`. */
export function nodeNameOf(node: Pick<FileNode, 'name'>): string {
  return `rabbit@${node.name}`;
}

function hostOnly({ name, address, ssh }: Omit<Host, 'roles'>): Omit<Host, 'roles'> {
  return { name, address, ssh };
}
