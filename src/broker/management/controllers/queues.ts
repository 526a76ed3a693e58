import type { QueueRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import { plainTable } from '../../core/plain-table.js';
import type { Name, Questions } from '../agent/questions.js';
import { membersOfQueue } from '../agent/queue-types.js';
import { type Api, ofVhost, openVhost, requester, requireVhost, vhostExists } from '../api.js';
import { argumentsOf } from '../formats/arguments.js';
import { declaring } from '../http/amqp-refusal.js';
import { augmented, type Rank } from '../http/augmented.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { badRequest, Refusal } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { OrderedRows } from '../ordered-rows.js';
import { listRangesOf, noRanges, type Ranges, rangesOf } from '../statistics/range.js';
import { queueFigures } from '../statistics/rows.js';

const basicKeys = ['name', 'vhost', 'type', 'durable', 'auto_delete', 'exclusive', 'arguments', 'node'];

export function queueResources(api: Api): Resource[] {
  const ordered = new OrderedRows(api.admin.tables, 'queues');
  const some: Resource = {
    path: '/api/queues',
    access: api.access.vhost,
    exists: vhostExists(api),
    get: (call) => queueList(api, call, ordered),
  };
  return [
    some,
    { ...some, path: '/api/queues/:vhost' },
    {
      path: '/api/queues/:vhost/:queue',
      access: api.access.vhost,
      exists: (call) => reachable(api, queueRow(api, call)),
      get: (call) => oneQueue(api, call),
      put: (call) => declare(api, call),
      delete: (call) => remove(api, call),
    },
  ];
}

/** A queue whose node is down is in the lists, but cannot be asked for alone. */
const reachable = ({ nodes }: Api, row: QueueRow | undefined): boolean =>
  row !== undefined && nodes.running().includes(row.leader);

export function queueRow({ admin }: Api, call: Call): QueueRow | undefined {
  return admin.tables.get('queues', keys.queue(call.vhost ?? '', call.param('queue')));
}

function queueList(api: Api, call: Call, ordered: OrderedRows<'queues'>): Promise<unknown> {
  const plain = call.flag('disable_stats');
  const totals = call.flag('enable_queue_totals');
  const details = plain && !totals ? withoutStats : plain ? totalsOnly : detailed;
  const ranges = listRangesOf(call);
  return augmented(call, {
    rows: ofVhost(api, call, ordered.rows),
    basic: basicKeys,
    item: basicItem,
    details: (items) => details(api, items, ranges),
    rank: (key) => rank(api, key),
  });
}

/** What the nodes can say of all their queues without saying all of each. */
async function rank({ nodes }: Api, key: string): Promise<Rank | null> {
  if (!queueFigures.includes(key)) return null;
  const found = new Map<string, Map<string, number>>();
  for (const { answer } of await nodes.all('management.queue_figures', { key })) {
    for (const { vhost, names, values } of answer) {
      const figures = found.get(vhost) ?? new Map<string, number>();
      found.set(vhost, figures);
      for (const [index, name] of names.entries()) figures.set(name, values[index] ?? 0);
    }
  }
  return found;
}

/** One queue as a list shows it. */
export async function queueNamed(api: Api, row: QueueRow): Promise<Item> {
  const [item] = await detailed(api, [basicItem(row)], noRanges);
  return item as Item;
}

function basicItem(row: QueueRow): Item {
  return {
    name: row.name,
    vhost: row.vhost,
    type: row.type,
    durable: row.durable,
    auto_delete: row.autoDelete,
    exclusive: row.exclusiveOwner !== null,
    arguments: plainTable(row.arguments),
    node: row.leader,
  };
}

async function withoutStats(api: Api, items: Item[]): Promise<Item[]> {
  return items.map((item) => {
    const policy = policyName(api, item);
    const row = api.admin.tables.get('queues', keys.queue(String(item.vhost), String(item.name)));
    const { node, ...rest } = item;
    const place = row?.type === 'quorum' ? membersOfQueue(row) : { node };
    return { ...rest, ...place, state: 'live', ...(policy === null ? {} : { policy }) };
  });
}

async function totalsOnly(api: Api, items: Item[], ranges: Ranges): Promise<Item[]> {
  const full = await detailed(api, items, ranges);
  return full.map((one, index) => ({
    ...items[index],
    state: one.state,
    ...(one.policy ? { policy: one.policy } : {}),
    messages: one.messages,
    messages_ready: one.messages_ready,
    messages_unacknowledged: one.messages_unacknowledged,
  }));
}

function policyName({ admin }: Api, item: Item): string | null {
  return admin.vhost(String(item.vhost))?.policyOf('queues', String(item.name)).policy?.name ?? null;
}

/** Asks each leader once for its part of the items. */
async function detailed(api: Api, items: Item[], ranges: Ranges, consumers = false): Promise<Item[]> {
  const byLeader = new Map<string, Name[]>();
  for (const { node, vhost, name } of items) {
    const names = byLeader.get(String(node)) ?? [];
    byLeader.set(String(node), names);
    names.push([String(vhost), String(name)]);
  }
  const found = new Map<string, Item>();
  await Promise.all(
    [...byLeader].map(async ([node, names]) => {
      for (const item of await asked(api, node, { names, consumers, ranges }))
        found.set(`${item.vhost}\0${item.name}`, item);
    }),
  );
  // The details say all that the item does: to copy hundreds of such objects costs more than to make them.
  return items.map((item) => found.get(`${item.vhost}\0${item.name}`) ?? { ...item, state: 'down' });
}

/** Nothing of a node that is down, or goes down now. */
async function asked(
  { nodes }: Api,
  node: string,
  question: Questions['management.queues'][0],
): Promise<Item[]> {
  if (!nodes.running().includes(node)) return [];
  try {
    return await nodes.one(node, 'management.queues', question);
  } catch {
    return [];
  }
}

async function oneQueue(api: Api, call: Call): Promise<unknown> {
  const row = basicItem(queueRow(api, call) as QueueRow);
  if (call.flag('disable_stats')) return pick({ ...row, state: 'live' }, columnsOf(call));
  const [item] = await detailed(api, [row], rangesOf(call), true);
  return pick({ ...(item as Item), incoming: [], deliveries: [] }, columnsOf(call));
}

async function declare(api: Api, call: Call): Promise<boolean> {
  const created = queueRow(api, call) === undefined;
  const declaration = {
    name: call.param('queue'),
    passive: false,
    durable: call.boolean('durable', false),
    exclusive: false,
    autoDelete: call.boolean('auto_delete', false),
    arguments: argumentsOf(call.json.arguments),
  };
  const node = String(call.json.node ?? api.nodes.self);
  if (!api.nodes.running().includes(node)) throw badRequest(`Node ${node} could not be contacted`);
  requireVhost(api, call);
  const vhost = call.vhost ?? '';
  const question = { vhost, declaration, principal: call.principal };
  const refused = await api.nodes.one(node, 'management.declare_queue', question);
  if (refused !== null) throw new Refusal(refused.status, refused.body);
  return created;
}

async function remove(api: Api, call: Call): Promise<void> {
  const [unused, empty] = [call.flag('if-unused'), call.flag('if-empty')];
  await declaring(() =>
    openVhost(api, call).deleteQueue(call.param('queue'), unused, empty, requester(call.principal)),
  );
}
