import type { ClusterFile } from '../../cluster-file/cluster-file.js';
import { WarrenError } from '../../errors/warren-error.js';
import { managementPort } from '../../phases/hosts/api.js';
import { brokersOf, type Login } from '../../phases/hosts/context.js';
import { look } from '../../phases/hosts/look.js';
import { runPhases } from '../../phases/runner.js';
import { findCluster } from '../find-cluster.js';
import { findTarget } from '../find-target.js';
import { hostRun } from '../host-run.js';
import type { Surroundings } from '../surroundings.js';
import type { WatchTarget } from '../watch/source.js';
import type { Endpoint } from './upstream.js';

/** What the dashboard shows: whom it asks, and what else is known of the cluster. */
export interface Behind {
  readonly cluster: string;
  readonly endpoints: readonly Endpoint[];
  readonly file?: ClusterFile;
  close(): Promise<void>;
}

export async function behind(target: WatchTarget, surroundings: Surroundings): Promise<Behind> {
  if (target.url !== undefined) return ofUrl(target.url);
  const found = await findTarget(surroundings.state, target.cluster);
  return found.kind === 'hosts'
    ? ofHosts(found.file, target, surroundings)
    : ofLocal(found.cluster, surroundings);
}

function ofUrl(given: string): Behind {
  const url = new URL(given);
  const user = decodeURIComponent(url.username) || 'guest';
  const password = decodeURIComponent(url.password) || (url.username ? '' : 'guest');
  return { cluster: url.host, endpoints: [endpoint(url, { user, password })], close: async () => {} };
}

/** Every node, whether it runs now or not: one that is started later answers then. */
async function ofLocal(name: string | undefined, { state }: Surroundings): Promise<Behind> {
  const { record } = await findCluster(state, name);
  const guest = { user: 'guest', password: 'guest' };
  return {
    cluster: record.name,
    endpoints: record.nodes.map(({ managementPort }) =>
      endpoint(new URL(`http://127.0.0.1:${managementPort}`), guest),
    ),
    close: async () => {},
  };
}

/** Each node's API through its own host, so that no password crosses the network in the clear. */
async function ofHosts(file: ClusterFile, target: WatchTarget, surroundings: Surroundings): Promise<Behind> {
  const { context, close } = await hostRun(
    { file, concurrency: target.concurrency, ssh: target.ssh },
    surroundings,
  );
  try {
    await runPhases([look], context, { signal: surroundings.signal });
    const { login } = context.view;
    const reached = brokersOf(context).filter(({ name }) => !context.failures.has(name));
    if (!login || reached.length === 0) {
      const reason = login ? 'no host can be reached' : 'no node answers a login of the cluster file';
      throw WarrenError.of('DASHBOARD_BLIND', { file: file.file, reason });
    }
    const endpoints = reached.map((broker) => {
      const port = managementPort(context, broker);
      const through = () => context.connect(broker, '127.0.0.1', port);
      return { ...endpoint(new URL(`http://127.0.0.1:${port}`), login), through };
    });
    return { cluster: file.name, endpoints, file, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function endpoint(url: URL, { user, password }: Login): Endpoint {
  return {
    origin: new URL(url.origin),
    prefix: url.pathname.replace(/\/+$/, ''),
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  };
}
