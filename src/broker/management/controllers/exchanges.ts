import type { ExchangeRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import { plainTable } from '../../core/plain-table.js';
import { type Api, ofVhost, openVhost, requester, vhostExists } from '../api.js';
import { argumentsOf } from '../formats/arguments.js';
import { declaring } from '../http/amqp-refusal.js';
import { augmented } from '../http/augmented.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import type { Resource } from '../http/resource.js';
import { OrderedRows } from '../ordered-rows.js';
import { addCounts, type Counts, statsIfAny } from '../statistics/message-stats.js';
import { listRangesOf, type Ranges, rangesOf } from '../statistics/range.js';

const basicKeys = ['name', 'vhost', 'type', 'durable', 'auto_delete', 'internal', 'arguments', 'policy'];

export function exchangeResources(api: Api): Resource[] {
  const { access } = api;
  const ordered = new OrderedRows(api.admin.tables, 'exchanges');
  const some: Resource = {
    path: '/api/exchanges',
    access: access.vhost,
    exists: vhostExists(api),
    get: (call) => exchangeList(api, call, ordered),
  };
  return [
    some,
    { ...some, path: '/api/exchanges/:vhost' },
    {
      path: '/api/exchanges/:vhost/:exchange',
      access: access.vhost,
      exists: (call) => rowOf(api, call) !== undefined,
      get: (call) => oneExchange(api, call),
      put: (call) => declare(api, call),
      delete: (call) => remove(api, call),
    },
  ];
}

/** The default exchange has no name; in a path it is written amq.default. */
export const exchangeName = (call: Call, param = 'exchange'): string => {
  const name = call.param(param);
  return name === 'amq.default' ? '' : name;
};

function rowOf({ admin }: Api, call: Call): ExchangeRow | undefined {
  return admin.tables.get('exchanges', keys.exchange(call.vhost ?? '', exchangeName(call)));
}

function exchangeList(api: Api, call: Call, ordered: OrderedRows<'exchanges'>): Promise<unknown> {
  return augmented(call, {
    rows: ofVhost(api, call, ordered.rows),
    basic: basicKeys,
    item: (row) => exchangeItem(api, row),
    details: async (items) => {
      const ranges = listRangesOf(call);
      if (call.flag('disable_stats')) return items;
      const counted = await exchangeCounts(api, ranges);
      return items.map((item) => withStats(item, counted));
    },
  });
}

async function oneExchange(api: Api, call: Call): Promise<unknown> {
  const item = exchangeItem(api, rowOf(api, call) as ExchangeRow);
  const counted = await exchangeCounts(api, rangesOf(call));
  return pick({ ...withStats(item, counted), incoming: [], outgoing: [] }, columnsOf(call));
}

function exchangeItem({ admin }: Api, row: ExchangeRow): Item {
  const policy = admin.vhost(row.vhost)?.policyOf('exchanges', row.name).policy;
  return {
    arguments: plainTable(row.arguments),
    auto_delete: row.autoDelete,
    durable: row.durable,
    internal: row.internal,
    name: row.name,
    ...(policy ? { policy: policy.name } : {}),
    type: row.type,
    user_who_performed_action: row.user ?? 'rmq-internal',
    vhost: row.vhost,
  };
}

async function exchangeCounts({ nodes }: Api, ranges: Ranges): Promise<Map<string, Counts>> {
  const sums = new Map<string, Counts>();
  for (const { name, counts } of await nodes.each('management.exchanges', ranges)) {
    const key = name.join('\0');
    const sum = sums.get(key) ?? {};
    sums.set(key, sum);
    addCounts(sum, counts);
  }
  return sums;
}

function withStats(item: Item, counted: Map<string, Counts>): Item {
  const stats = statsIfAny(counted.get(`${item.vhost}\0${item.name}`) ?? {});
  return stats === undefined ? item : { ...item, message_stats: stats };
}

async function declare(api: Api, call: Call): Promise<boolean> {
  const created = rowOf(api, call) === undefined;
  const type = String(call.json.type ?? 'direct');
  const declaration = {
    name: exchangeName(call),
    type,
    passive: false,
    durable: call.boolean('durable', false),
    autoDelete: call.boolean('auto_delete', false),
    internal: call.boolean('internal', false),
    arguments: argumentsOf(call.json.arguments),
  };
  await declaring(() => openVhost(api, call).declareExchange(declaration, requester(call.principal)));
  return created;
}

async function remove(api: Api, call: Call): Promise<void> {
  const unused = call.flag('if-unused');
  await declaring(() =>
    openVhost(api, call).deleteExchange(exchangeName(call), unused, requester(call.principal)),
  );
}
