import type { Gathered } from './gather.js';

/** The part of a cluster file that says where the nodes are. */
export interface ImportedNodes {
  readonly nodes: readonly { readonly name: string; readonly address?: string; readonly rabbitmq?: object }[];
  readonly onHosts: boolean;
  readonly longNames: boolean;
  readonly notes: readonly string[];
}

/**
 * Nodes on hosts of their own are named rabbit@HOST. Several on one host, or on
 * localhost, can only be nodes of one machine, and are known by what stands
 * before the @; so is a single one of another name, such as rabbit-1@HOST.
 */
export function importedNodes(
  { nodes }: Pick<Gathered, 'nodes'>,
  tls: ReadonlyMap<string, object> = new Map(),
): ImportedNodes {
  const parts = nodes.map(({ name }) => {
    const [prefix, host] = name.split('@') as [string, string];
    const own = tls.get(name);
    return { prefix, host, ...(own ? { rabbitmq: { tls: own } } : {}) };
  });
  const hosts = new Set(parts.map(({ host }) => host));
  const single = parts.length === 1 && parts[0]!.prefix !== 'rabbit';
  if (hosts.has('localhost') || hosts.size < parts.length || single) {
    return {
      nodes: parts.map(({ prefix }) => ({ name: prefix })),
      onHosts: false,
      longNames: false,
      notes: [],
    };
  }
  const other = parts.filter(({ prefix }) => prefix !== 'rabbit');
  return {
    nodes: parts.map(({ prefix: _, host, ...rest }) => ({ name: host, address: host, ...rest })),
    onHosts: true,
    longNames: parts.every(({ host }) => host.includes('.')),
    notes: [
      'the addresses of the nodes are their host names: see that they resolve here, or write IP addresses',
      ...other.map(({ prefix, host }) => `node ${prefix}@${host} would be named rabbit@${host} by this file`),
    ],
  };
}
