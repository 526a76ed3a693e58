import type { Duplex } from 'node:stream';
import { readCertificate } from '../../drivers/certificate/read-certificate.js';
import type { ManagementApi } from '../../drivers/management-api/client.js';
import {
  answers,
  readStatistics,
  readView,
  type Statistics,
} from '../../drivers/management-api/statistics.js';
import { reportOf, WarrenError } from '../../errors/warren-error.js';
import type { CertificateState } from '../../watch/snapshot.js';
import type { Asked } from './assemble.js';

/** A node that answers by itself does so at once; the state of the cluster may take longer. */
const ownPatienceMs = 3_000;
const patienceMs = 10_000;

/** A node that can be asked by itself. */
export interface Endpoint {
  readonly node: string;
  /** Nothing where there is no way to it: it is not known to be down for that. */
  readonly api?: ManagementApi | undefined;
  /** Why it is held to be down, if it is, or why it would not answer. */
  readonly silence?: string | undefined;
}

export interface Answered {
  readonly asked: readonly Asked[];
  readonly statistics?: Statistics | undefined;
  readonly blind?: string | undefined;
}

/**
 * Asks every node whether it is there, then the first that is for the state of
 * the cluster, and each for its own view of the others. A node that hangs can
 * make the others wait for it when they tell of the whole cluster, but not when
 * they tell of themselves: so one that is paused is told from its victims.
 */
export async function askAll(endpoints: readonly Endpoint[], clients: boolean): Promise<Answered> {
  const silences = await Promise.all(endpoints.map(silenceOf));
  const alive = endpoints.filter(({ api }, index) => api && silences[index] === undefined);
  const views = new Map<string, Asked['view']>();
  const viewing = alive.map(async ({ node, api }) => {
    views.set(node, await readView(api!, ownPatienceMs).catch(() => undefined));
  });
  const [first] = await Promise.all([firstOf(alive, clients), ...viewing]);
  return {
    asked: endpoints.map(({ node }, index) => ({ node, silence: silences[index], view: views.get(node) })),
    ...first,
  };
}

async function silenceOf({ api, silence }: Endpoint): Promise<string | undefined> {
  if (!api) return silence;
  try {
    await answers(api, ownPatienceMs);
    return undefined;
  } catch (error) {
    // A node that refuses the login is there.
    if (error instanceof WarrenError && error.code !== 'API_UNREACHABLE') return undefined;
    return silence ?? reasonOf(error);
  }
}

async function firstOf(
  alive: readonly Endpoint[],
  clients: boolean,
): Promise<Pick<Answered, 'statistics' | 'blind'>> {
  let blind = 'no node answers';
  for (const { api } of alive.slice(0, 2)) {
    try {
      return { statistics: await readStatistics(api!, { clients, patienceMs }) };
    } catch (error) {
      if (error instanceof WarrenError && error.code === 'API_REFUSED_LOGIN') throw error;
      blind = reasonOf(error);
    }
  }
  return { blind };
}

/** What the connection itself said, without the address that the user sees anyway. */
export function reasonOf(error: unknown): string {
  const { cause } = error as Error;
  return cause instanceof Error ? cause.message : reportOf(error).message;
}

const tlsProtocols = new Set(['amqp/ssl', 'https', 'http/ssl', 'stream/ssl', 'mqtt/ssl', 'stomp/ssl']);

/** The certificates of a cluster's TLS listeners; one that cannot be read is left out, as its node is told to be down. */
export async function certificatesOf(
  statistics: Statistics | undefined,
  reach: (
    node: string,
    port: number,
  ) => { readonly where: string; readonly open: () => Promise<Duplex> } | undefined,
): Promise<CertificateState[]> {
  const listeners =
    statistics?.overview.listeners?.filter(({ protocol }) => tlsProtocols.has(protocol)) ?? [];
  const read = listeners.map(async ({ node, port }): Promise<CertificateState[]> => {
    const way = reach(node, port);
    if (!way) return [];
    try {
      const found = await readCertificate(way.open, { where: way.where, patienceMs: ownPatienceMs });
      return [{ where: way.where, ...found }];
    } catch {
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}
