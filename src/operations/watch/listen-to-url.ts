import { direct } from '../../drivers/certificate/read-certificate.js';
import { ManagementApi } from '../../drivers/management-api/client.js';
import { readStatistics } from '../../drivers/management-api/statistics.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { Surroundings } from '../surroundings.js';
import { certificatesOf, reasonOf } from './ask.js';
import type { Listen } from './source.js';

const patienceMs = 10_000;

/** Of a URL only one node is known; whether the others run is told by it. */
export function listenToUrl(given: string, { now }: Surroundings): Listen {
  const { origin, hostname, host } = new URL(given);
  const place = { kind: 'url', url: origin } as const;
  return async ({ clients }) => {
    const at = now().getTime();
    const api = new ManagementApi(given);
    try {
      const statistics = await readStatistics(api, { clients, patienceMs });
      const certificates = await certificatesOf(statistics, (node, port) =>
        node === statistics.overview.node
          ? { where: `${hostname}:${port}`, open: direct(hostname.replace(/^\[|\]$/g, ''), port) }
          : undefined,
      );
      return { at, place, cluster: host, asked: [], statistics, certificates };
    } catch (error) {
      if (error instanceof WarrenError && error.code === 'API_REFUSED_LOGIN') throw error;
      return { at, place, cluster: host, asked: [], blind: reasonOf(error), certificates: [] };
    } finally {
      api.close();
    }
  };
}
