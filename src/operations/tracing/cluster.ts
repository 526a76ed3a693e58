/**
 * The nodes of a cluster, each with a management API of its own: tracing is switched on and off node by node.
 * A cluster of this machine, one on the hosts of a cluster file (each API through its host), or one at a URL.
 */
import { amqpUrl } from '../../drivers/amqp/connection.js';
import { observe } from '../../drivers/engine/node-process.js';
import { ManagementApi } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { findCluster } from '../find-cluster.js';
import { findTarget } from '../find-target.js';
import type { Surroundings } from '../surroundings.js';
import type { WatchTarget } from '../watch/source.js';

export interface TracedNode {
  readonly node: string;
  /** Nothing where there is no way to it; `silence` says why. */
  readonly api?: ManagementApi | undefined;
  readonly silence?: string | undefined;
  /** Where AMQP clients connect to this node. */
  amqp(vhost: string): string;
}

export interface TracedCluster {
  readonly name: string;
  /** How to find it again, from anywhere. */
  readonly target: { readonly cluster: string } | { readonly url: string };
  readonly nodes: readonly TracedNode[];
  close(): Promise<void>;
}

export async function tracedCluster(target: WatchTarget, surroundings: Surroundings): Promise<TracedCluster> {
  if (target.url !== undefined) return atUrl(target.url);
  const found = await findTarget(surroundings.state, target.cluster);
  if (found.kind === 'local') return ofThisMachine(found.cluster, surroundings);
  const { tracedHosts } = await import('./hosts.js');
  return tracedHosts({ file: found.file, concurrency: target.concurrency, ssh: target.ssh }, surroundings);
}

/** One that answers; throws NO_NODE_ANSWERS. */
export function anyNode(cluster: TracedCluster): TracedNode & { api: ManagementApi } {
  const found = cluster.nodes.find(({ api }) => api !== undefined);
  if (found?.api) return { ...found, api: found.api };
  const why = cluster.nodes.map(({ node, silence }) => `${node}: ${silence ?? 'unknown'}`);
  throw WarrenError.of('NO_NODE_ANSWERS', { cluster: cluster.name, why });
}

async function ofThisMachine(name: string | undefined, { state }: Surroundings): Promise<TracedCluster> {
  const { record, folders } = await findCluster(state, name);
  const nodes = record.nodes.map((node): TracedNode => {
    const amqp = (vhost: string) => amqpUrl(node.amqpPort, vhost);
    const { state } = observe(folders.node(node.name));
    if (state !== 'running') return { node: node.name, silence: state, amqp };
    return { node: node.name, api: ManagementApi.ofPort(node.managementPort), amqp };
  });
  return { name: record.name, target: { cluster: record.name }, nodes, close: async () => closeAll(nodes) };
}

interface ListenerItem {
  node: string;
  protocol: string;
  port: number;
}

/**
 * The node at the URL tells of the others. Those of its own machine are at the URL's host, the rest at the host
 * of their names.
 */
async function atUrl(given: string): Promise<TracedCluster> {
  const web = new URL(given).protocol.slice(0, -1);
  const asked = new ManagementApi(given);
  try {
    const overview = await asked.get<{ node: string; listeners: ListenerItem[] }>('/overview');
    const known = await asked.get<{ name: string; running: boolean }[]>('/nodes?columns=name,running');
    const nodes = known.map(({ name, running }): TracedNode => {
      const port = (protocol: string) =>
        overview.listeners.find((each) => each.node === name && each.protocol === protocol)?.port;
      const at = (where: number | undefined, protocol: string, path = '') =>
        urlOf(given, hostOf(name) === hostOf(overview.node) ? null : hostOf(name), where, protocol, path);
      const amqp = (vhost: string) => at(port('amqp') ?? 5672, 'amqp', `/${encodeURIComponent(vhost)}`);
      if (!running) return { node: name, silence: 'it does not run', amqp };
      if (name === overview.node) return { node: name, api: new ManagementApi(given), amqp };
      const there = port(web);
      if (there === undefined)
        return { node: name, silence: 'rabbitmq_management is not enabled on it', amqp };
      return { node: name, api: new ManagementApi(at(there, web)), amqp };
    });
    return { name: new URL(given).host, target: { url: given }, nodes, close: async () => closeAll(nodes) };
  } finally {
    asked.close();
  }
}

const hostOf = (node: string) => node.slice(node.indexOf('@') + 1);

/** The URL given, login and all, at another place. */
function urlOf(
  given: string,
  host: string | null,
  port: number | undefined,
  protocol: string,
  path: string,
): string {
  const { username, password, hostname } = new URL(given);
  const login = username === '' ? 'guest:guest' : `${username}:${password}`;
  return `${protocol}://${login}@${host ?? hostname}:${port}${path}`;
}

function closeAll(nodes: readonly TracedNode[]): void {
  for (const { api } of nodes) api?.close();
}
