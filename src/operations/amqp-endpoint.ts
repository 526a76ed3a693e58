import { amqpUrl } from '../drivers/amqp/connection.js';
import { WarrenError } from '../errors/warren-error.js';
import { findCluster, findNode, runningNodes } from './find-cluster.js';
import { findTarget } from './find-target.js';
import type { SshOptions } from './open-host.js';
import type { Surroundings } from './surroundings.js';

export interface EndpointOptions {
  readonly cluster?: string | undefined;
  readonly node?: string | undefined;
  readonly url?: string | undefined;
  readonly vhost?: string | undefined;
  /** How the hosts of a cluster file are reached. */
  readonly ssh?: SshOptions | undefined;
}

export interface AmqpEndpoint {
  readonly url: string;
  readonly vhost: string;
  /** The node, or the host of the URL, as the user is told. */
  readonly shown: string;
  /** Lets go of the way there. */
  close(): Promise<void>;
}

/**
 * Where to connect to: the URL given, the node given, or the first or last node
 * that runs; of a cluster file with hosts, its virtual address or the node given.
 */
export async function amqpEndpoint(
  options: EndpointOptions,
  otherwise: 'first' | 'last',
  surroundings: Surroundings,
): Promise<AmqpEndpoint> {
  if (options.url !== undefined) return ofUrl(options.url, options.vhost);
  const target = await findTarget(surroundings.state, options.cluster);
  if (target.kind === 'hosts' && options.ssh) {
    const { hostsEndpoint } = await import('./hosts-endpoint.js');
    return hostsEndpoint(target.file, { ...options, ssh: options.ssh }, surroundings);
  }
  const name = target.kind === 'local' ? target.cluster : options.cluster;
  const cluster = await findCluster(surroundings.state, name);
  const running = runningNodes(cluster);
  const chosen = options.node ? findNode(cluster, options.node) : running.at(otherwise === 'first' ? 0 : -1);
  if (!chosen) throw WarrenError.of('CLUSTER_NOT_RUNNING', { cluster: cluster.record.name });
  const vhost = options.vhost ?? '/';
  return { url: amqpUrl(chosen.amqpPort, vhost), vhost, shown: chosen.name, close };
}

function ofUrl(text: string, vhost: string | undefined): AmqpEndpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^amqps?:$/.test(url.protocol)) {
    const problem = `'${text}' is not an AMQP URL (amqp://user:password@host:port/vhost)`;
    throw WarrenError.of('USAGE', { problem, command: '' });
  }
  if (vhost !== undefined) url.pathname = `/${encodeURIComponent(vhost)}`;
  const inUrl = decodeURIComponent(url.pathname.slice(1));
  return { url: url.href, vhost: inUrl || '/', shown: url.host, close };
}

async function close(): Promise<void> {}
