import type { RatesMode } from '../../config/node-config.js';
import { clusterName } from '../../core/metadata/cluster-name.js';
import type { NodeTotals } from '../agent/questions.js';
import { type Api, ofVhost } from '../api.js';
import { compatibleVersion, exchangeTypes, runtime, samplePolicies } from '../formats/engine.js';
import { isMonitor } from '../http/access.js';
import type { Call } from '../http/call.js';
import type { Item } from '../http/columns.js';
import { columnsOf, pick } from '../http/columns.js';
import type { Resource } from '../http/resource.js';
import { addCounts, allDetailed, type Counts, noneLike, statsOf } from '../statistics/message-stats.js';
import { rangesOf } from '../statistics/range.js';

export function overviewResources(api: Api): Resource[] {
  return [
    {
      path: '/api/overview',
      access: api.access.management,
      get: async (call) => pick(await overview(api, call), topColumns(call)),
    },
  ];
}

/** Here a column is a whole key: what follows a dot is not looked at. */
function topColumns(call: Call): string[][] | null {
  return columnsOf(call)?.map(([key]) => [key as string]) ?? null;
}

async function overview(api: Api, call: Call): Promise<Item> {
  if (call.flag('disable_stats')) {
    const { connections, exchanges, queues } = objectTotals(
      api,
      call,
      await api.nodes.all('management.totals', {}),
    );
    const object_totals = { connections, exchanges, queues };
    return { ...identity(api, call), object_totals, node: api.nodes.self };
  }
  const shown = { ...identity(api, call), ...(await totalsOf(api, call)) };
  return isMonitor(call.principal) ? { ...shown, ...(await network(api)) } : shown;
}

function identity(api: Api, call: Call): Item {
  return {
    management_version: compatibleVersion,
    rates_mode: api.ratesMode,
    sample_retention_policies: samplePolicies,
    exchange_types: exchangeTypes(api.broker.plugins),
    product_version: api.facts().productVersion,
    product_name: 'Warren',
    rabbitmq_version: compatibleVersion,
    cluster_name: clusterName(api.admin.tables),
    ...runtime,
    release_series_support_status: 'supported',
    disable_stats: call.flag('disable_stats'),
    enable_queue_totals: call.flag('enable_queue_totals'),
  };
}

async function totalsOf(api: Api, call: Call): Promise<Item> {
  const messages: Counts = {};
  const lengths: Counts = {};
  const ranges = rangesOf(call);
  const sees = (vhost: string) => isMonitor(call.principal) || api.access.enters(call.principal, vhost);
  for (const part of await api.nodes.each('management.vhosts', ranges)) {
    if (!sees(part.vhost)) continue;
    addCounts(messages, part.messages);
    addCounts(lengths, part.lengths);
  }
  const totals = await api.nodes.all('management.totals', {});
  const churn: Counts = {};
  // RabbitMQ leaves them empty where lengths are sampled, and never samples them.
  if (ranges.lengths === null) for (const { answer } of totals) addCounts(churn, answer.churn);
  return {
    message_stats: messageStats(messages, api.ratesMode),
    churn_rates: allDetailed(churn),
    queue_totals: allDetailed(lengths),
    object_totals: objectTotals(api, call, totals),
    statistics_db_event_queue: 0,
  };
}

/** Disk counters stand with the others, or nothing stands there; alone where no rates are kept. */
function messageStats(messages: Counts, mode: RatesMode): Item {
  const stats = statsOf(messages);
  if (mode !== 'none' && Object.keys(stats).length === 0) return {};
  return { ...stats, ...allDetailed(noneLike(['disk_reads', 'disk_writes'], messages.ack)) };
}

type Totals = { answer: NodeTotals }[];

function objectTotals(api: Api, call: Call, totals: Totals): Item {
  const { tables } = api.admin;
  const monitor = isMonitor(call.principal);
  const mine = (users: Record<string, number>) =>
    monitor ? Object.values(users).reduce((sum, count) => sum + count, 0) : (users[call.principal.user] ?? 0);
  const sum = (of: (node: NodeTotals) => number) => totals.reduce((all, { answer }) => all + of(answer), 0);
  return {
    channels: sum((node) => mine(node.channels)),
    connections: sum((node) => mine(node.connections)),
    ...(monitor ? { consumers: sum((node) => node.consumers) } : {}),
    exchanges: monitor ? tables.rows.exchanges.size : ofVhost(api, call, tables.all('exchanges')).length,
    queues: monitor ? tables.rows.queues.size : ofVhost(api, call, tables.all('queues')).length,
  };
}

async function network(api: Api): Promise<Item> {
  const answers = await api.nodes.all('management.listeners', {});
  const listeners = answers.flatMap(({ node, answer }) =>
    answer.listeners.map((each) => ({ node, ...each })),
  );
  const order = (item: Item) => `${item.protocol}\0${item.node}`;
  listeners.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return {
    node: api.nodes.self,
    listeners,
    contexts: answers.flatMap(({ node, answer }) =>
      answer.contexts.map((context) => ({ ssl_opts: [], node, ...context })),
    ),
  };
}
