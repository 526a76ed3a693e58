import { ManagementApi } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { findCluster, runningNodes } from '../find-cluster.js';
import { findTarget } from '../find-target.js';
import type { SshOptions } from '../open-host.js';
import type { Surroundings } from '../surroundings.js';
import { localTools, type NodeTools } from './node-tools.js';
import { Probe } from './probe.js';
import { urlOf } from './url.js';

export interface BrokerOptions {
  /** A cluster of this machine by name, or a cluster file. */
  readonly cluster?: string | undefined;
  /** Any management API. */
  readonly url?: string | undefined;
  /** How the hosts of a cluster file are reached. */
  readonly ssh: SshOptions;
  /** Asks for what a URL lacks; nothing where nobody can answer. */
  readonly askPassword?: ((user: string) => Promise<string>) | undefined;
}

/** A cluster that answers: its management API, and what it is found to be able to do. */
export interface Broker {
  readonly api: ManagementApi;
  readonly probe: Probe;
  /** As a command names it again: ` --cluster blue`, or nothing where the usual one is meant. */
  readonly flag: string;
  /** Runs RabbitMQ's tools on the nodes' own hosts; nothing where only a URL is known. */
  readonly tools: NodeTools | undefined;
}

/**
 * The one way to a broker: the URL given; else a cluster of this machine by any
 * of its running nodes; else the hosts of a cluster file, through SSH, with the
 * login that the file knows. What was opened is closed, whatever comes.
 */
export async function withBroker<T>(
  options: BrokerOptions,
  surroundings: Surroundings,
  use: (broker: Broker) => Promise<T>,
): Promise<T> {
  const url = await urlOf(options, surroundings);
  if (url !== undefined)
    return using(new ManagementApi(url, undefined, surroundings.signal), '', undefined, use);
  const target = await findTarget(surroundings.state, options.cluster);
  const flag = options.cluster === undefined ? '' : ` --cluster ${options.cluster}`;
  if (target.kind === 'local') {
    const { api, tools } = await localBroker(target.cluster, surroundings);
    return using(api, flag, tools, use);
  }
  const { hostsBroker } = await import('./reach-hosts.js');
  const { api, tools, close } = await hostsBroker({ file: target.file, ssh: options.ssh }, surroundings);
  try {
    return await using(api, flag, tools, use);
  } finally {
    await close();
  }
}

async function using<T>(
  api: ManagementApi,
  flag: string,
  tools: NodeTools | undefined,
  use: (broker: Broker) => Promise<T>,
): Promise<T> {
  try {
    return await use({ api, probe: new Probe(api), flag, tools });
  } finally {
    api.close();
  }
}

async function localBroker(name: string | undefined, surroundings: Surroundings) {
  const cluster = await findCluster(surroundings.state, name);
  const [node] = runningNodes(cluster);
  if (!node) throw WarrenError.of('CLUSTER_NOT_RUNNING', { cluster: cluster.record.name });
  return {
    api: new ManagementApi(`http://127.0.0.1:${node.managementPort}`, undefined, surroundings.signal),
    tools: localTools(cluster, surroundings),
  };
}
