/**
 * What is shown at each path: `default` sums over all objects, `per-object` shows each, `detailed` shows only the
 * families that are asked for, of the virtual hosts that are asked for. The order is RabbitMQ's.
 */
import type { Shown } from './exposition.js';
import * as clients from './families/clients.js';
import * as cluster from './families/cluster.js';
import { globals } from './families/global.js';
import * as node from './families/node.js';
import * as queues from './families/queues.js';
import type { Family } from './family.js';

/** By the name that `family=` of /metrics/detailed has. */
const byName = new Map<string, Family>([
  ['connection_churn_metrics', node.churn],
  ['node_coarse_metrics', node.nodeCoarse],
  ['node_metrics', node.node],
  ['node_persister_metrics', node.persister],
  ['ra_metrics', node.raft],
  ['auth_attempt_metrics', node.logins],
  ['auth_attempt_detailed_metrics', node.loginsBySource],
  ['queue_coarse_metrics', queues.queueCoarse],
  ['queue_consumer_count', queues.queueConsumers],
  ['queue_metrics', queues.queues],
  ['channel_metrics', clients.channels],
  ['channel_exchange_metrics', clients.channelExchanges],
  ['channel_process_metrics', clients.channelProcesses],
  ['channel_queue_metrics', clients.channelQueues],
  ['connection_coarse_metrics', clients.connectionsCoarse],
  ['connection_metrics', clients.connections],
  ['channel_queue_exchange_metrics', queues.queuesPublished],
  ['exchange_names', cluster.exchangeNames],
  ['exchange_bindings', cluster.exchangeBindings],
  ['vhost_status', cluster.vhostStatus],
]);

const onlyDetailed = [
  queues.queueConsumers,
  cluster.exchangeNames,
  cluster.exchangeBindings,
  cluster.vhostStatus,
];
const all = [...byName.values()].filter((family) => !onlyDetailed.includes(family));
const last = [node.totals, ...cluster.identity, ...globals];
const prefix = 'rabbitmq_';

const summed: Shown = {
  families: [node.started, node.alarms, ...all.filter((family) => family !== node.loginsBySource), ...last],
  prefix,
  summed: true,
};

const perObject: Shown = { families: [...all, ...last], prefix, summed: false };

function detailed(asked: readonly string[]): Shown {
  const families = [...byName].filter(([name]) => asked.includes(name)).map(([, family]) => family);
  return { families: [...families, ...cluster.identity], prefix: 'rabbitmq_detailed_', summed: false };
}

/** Undefined where there is no registry of that name. */
export function shownAt(
  name: string,
  families: readonly string[],
  alwaysPerObject: boolean,
): Shown | undefined {
  if (name === '' || name === 'default') return alwaysPerObject ? perObject : summed;
  if (name === 'per-object') return perObject;
  return name === 'detailed' ? detailed(families) : undefined;
}
