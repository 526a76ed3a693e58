/** What every node says of the whole cluster, and of itself. */
import { compatibleVersion } from '../../config/plugins.js';
import { clusterName } from '../../core/metadata/cluster-name.js';
import { keys } from '../../core/metadata/rows.js';
import { type Family, gauge, untyped } from '../family.js';

const prefix = 'rabbitmq_cluster_';
const seen = (vhosts: ReadonlySet<string> | null, vhost: string) => vhosts === null || vhosts.has(vhost);

export const exchangeNames: Family = {
  metrics: [
    gauge(
      'exchange_name',
      'Enumerates exchanges without any additional info. This value is cluster-wide. A cheaper alternative to `exchange_bindings`',
    ),
  ],
  prefix,
  *read({ admin, vhosts }) {
    for (const { vhost, name: exchange, type } of admin.tables.all('exchanges')) {
      if (exchange !== '' && seen(vhosts, vhost)) yield { labels: { vhost, exchange, type }, values: [1] };
    }
  },
};

export const exchangeBindings: Family = {
  metrics: [gauge('exchange_bindings', 'Number of bindings for an exchange. This value is cluster-wide.')],
  prefix,
  *read({ admin, vhosts }) {
    const bound = new Map<string, number>();
    for (const { vhost, source } of admin.tables.all('bindings')) {
      const key = keys.exchange(vhost, source);
      bound.set(key, (bound.get(key) ?? 0) + 1);
    }
    for (const { vhost, name: exchange, type } of admin.tables.all('exchanges')) {
      if (exchange === '' || !seen(vhosts, vhost)) continue;
      yield { labels: { vhost, exchange, type }, values: [bound.get(keys.exchange(vhost, exchange)) ?? 0] };
    }
  },
};

export const vhostStatus: Family = {
  metrics: [gauge('vhost_status', 'Whether a given vhost is running')],
  prefix,
  *read({ admin, vhosts }) {
    for (const { name: vhost } of admin.tables.all('vhosts')) {
      if (seen(vhosts, vhost)) yield { labels: { vhost }, values: [1] };
    }
  },
};

export const identity: Family[] = [
  {
    metrics: [untyped('build_info', 'RabbitMQ & Erlang/OTP version info')],
    labelled: true,
    prefix: 'rabbitmq_',
    read: ({ facts }) => [
      {
        labels: {
          rabbitmq_version: compatibleVersion,
          prometheus_plugin_version: compatibleVersion,
          prometheus_client_version: facts.productVersion,
          erlang_version: process.versions.node,
        },
        values: [1],
      },
    ],
  },
  {
    metrics: [untyped('identity_info', 'RabbitMQ node & cluster identity info')],
    labelled: true,
    prefix: 'rabbitmq_',
    read: ({ admin }) => [
      {
        labels: {
          rabbitmq_node: admin.node,
          rabbitmq_cluster: clusterName(admin.tables),
          rabbitmq_cluster_permanent_id: String(
            admin.tables.get('globalParameters', keys.globalParameter('internal_cluster_id'))?.value ?? '',
          ),
        },
        values: [1],
      },
    ],
  },
];
