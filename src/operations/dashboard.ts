import { once } from 'node:events';
import type { ClusterFile } from '../cluster-file/cluster-file.js';
import { behind } from './dashboard/behind.js';
import { serveDashboard } from './dashboard/server.js';
import { Upstream } from './dashboard/upstream.js';
import type { Surroundings } from './surroundings.js';
import type { WatchTarget } from './watch/source.js';

export interface DashboardOptions extends WatchTarget {
  /** 0: any that is free. */
  readonly port: number;
  /** Told once, when requests are taken. */
  readonly ready: (result: DashboardResult) => void;
}

export interface DashboardResult {
  readonly cluster: string;
  /** The token is in it: who has it has the cluster. */
  readonly url: string;
}

/** Serves the page for a cluster until the signal says stop. */
export async function dashboard(options: DashboardOptions, surroundings: Surroundings): Promise<void> {
  const { cluster, endpoints, file, close } = await behind(options, surroundings);
  const upstream = new Upstream(endpoints);
  try {
    const server = await serveDashboard(upstream, setupOf(endpoints[0]!.origin.origin, file), options.port);
    options.ready({ cluster, url: server.url });
    if (!surroundings.signal.aborted) await once(surroundings.signal, 'abort');
    await server.close();
  } finally {
    upstream.close();
    await close();
  }
}

/** What the page cannot learn from the API. */
function setupOf(url: string, file: ClusterFile | undefined): object {
  const front = file?.front_end;
  return {
    login: 'proxy',
    url,
    ...(front && {
      front_end: {
        mode: front.mode,
        virtual_addresses: front.virtual_addresses.map(({ address }) => address),
        amqp_port: front.haproxy.amqp_port,
        hosts: front.hosts.map(({ name, address }) => ({ name, address })),
      },
    }),
  };
}
