import { span } from '../figures.js';
import { typed } from '../place.js';
import { type Condition, holds, standing } from './condition.js';

const day = 86_400_000;

export const certificateExpires: Condition = {
  title: 'a certificate expires soon',
  threshold: { key: 'within', unit: 'duration', default: 30 * day, meaning: 'from now' },
  measure: ({ certificates, at }, rule) =>
    certificates.map(({ where, subject, expiresAt }) => {
      const left = expiresAt - at;
      const when = new Date(expiresAt).toISOString().slice(0, 10);
      return {
        subject: where,
        value: left / day,
        standing: standing(left, rule, 'within'),
        problem:
          left < 0
            ? `the certificate of ${subject} at ${where} expired on ${when}`
            : `the certificate of ${subject} at ${where} expires on ${when}, in ${span(left)}`,
        next: 'renew it, put it in its place on the node, then: rabbitmqctl eval "ssl:clear_pem_cache()."',
      };
    }),
};

export const versionMismatch: Condition = {
  title: 'nodes run different versions',
  measure: ({ nodes, cluster, place, blind }) => {
    if (blind !== undefined) return undefined;
    const versions = [...new Set(nodes.flatMap(({ version }) => version ?? []))].sort();
    const list = nodes.map(({ name, version }) => `${name} ${version ?? '?'}`).join(', ');
    return [
      {
        subject: cluster,
        value: versions.length,
        standing: holds(versions.length > 1),
        problem: `the nodes run different versions: ${list}`,
        next: `finish the upgrade of the others: ${typed(place, 'status')}`,
      },
    ];
  },
};

export const cookieMismatch: Condition = {
  title: 'hosts have different Erlang cookies',
  measure: ({ hosts, cluster, place }) => {
    if (!hosts || hosts.cookies.size === 0) return undefined;
    const odd = strangers(hosts.cookies);
    return [
      {
        subject: cluster,
        value: new Set(hosts.cookies.values()).size,
        standing: holds(odd.length > 0),
        problem: `${odd.join(', ')} ${odd.length === 1 ? 'has' : 'have'} another Erlang cookie than the other hosts: after a restart the node joins nobody`,
        next: typed(place, 'cookie check'),
      },
    ];
  },
};

/** All that have not what most have. */
function strangers(cookies: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const hash of cookies.values()) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const [[usual] = ['']] = [...counts].sort(([, left], [, right]) => right - left);
  return [...cookies].filter(([, hash]) => hash !== usual).map(([host]) => host);
}

/** A balancer that does not answer may hold it: then nobody holding it tells nothing. */
export const virtualAddress: Condition = {
  title: 'a virtual address is held by none, or by two',
  measure: ({ hosts, place }) =>
    hosts?.addresses.map(({ address, holders, silent }) => ({
      subject: address,
      value: holders.length,
      standing: holders.length === 0 && silent.length > 0 ? 'unknown' : holds(holders.length !== 1),
      problem:
        holders.length === 0
          ? `nobody holds the virtual address ${address}: clients reach no broker`
          : `${holders.join(' and ')} hold the virtual address ${address} at once`,
      next: typed(place, 'lb status'),
    })),
};
