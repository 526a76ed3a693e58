import type { FilePolicy } from './objects.js';
import type { FederatedProfile, Upstream } from './profile.js';
import type { Replication } from './replication.js';
import type { SecretText } from './secret.js';

export const federationPlugins = ['rabbitmq_federation', 'rabbitmq_federation_management'];

/** Above the policies of the file, which have 0 unless they say otherwise. */
const priority = 10;

/** The link to other clusters: upstreams, and the policies that say what comes over them. */
export function federation(
  profile: FederatedProfile,
  vhosts: readonly string[],
  mirrors: readonly FilePolicy[],
): Replication {
  const policies = vhosts.flatMap((vhost) => {
    const common = { vhost, priority, definition: { 'federation-upstream-set': 'all' } };
    const exchanges: FilePolicy = {
      ...common,
      name: 'federated-exchanges',
      pattern: profile.exchanges,
      'apply-to': 'exchanges',
    };
    if (profile.queues === undefined) return [exchanges];
    // A queue follows one policy only, so this one repeats what mirrors the others.
    const mirror = mirrors.find((policy) => policy.vhost === vhost)?.definition;
    const queues: FilePolicy = {
      ...common,
      name: 'federated-queues',
      pattern: profile.queues,
      'apply-to': 'queues',
      definition: { ...mirror, ...common.definition },
    };
    return [exchanges, queues];
  });
  return {
    policies,
    upstreams: vhosts.flatMap((vhost) => profile.upstreams.map((upstream) => ({ vhost, upstream }))),
    notes: [],
  };
}

/** The value of a federation-upstream parameter. Its URIs hold the password: it is never shown. */
export function upstreamValue(upstream: Upstream, password: SecretText): Record<string, unknown> {
  const { name: _, addresses, port, tls, user, password: __, vhost, ...settings } = upstream;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password.reveal())}`;
  const uris = addresses.map((address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    const where = `${host}:${port ?? (tls ? 5671 : 5672)}/${encodeURIComponent(vhost)}`;
    return `${tls ? 'amqps' : 'amqp'}://${login}@${where}`;
  });
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { uri: uris, ...Object.fromEntries(given) };
}
