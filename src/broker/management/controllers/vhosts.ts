import type { VhostRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import type { VhostCounts } from '../agent/questions.js';
import { type Api, vhostExists } from '../api.js';
import { isMonitor } from '../http/access.js';
import { declaring } from '../http/amqp-refusal.js';
import { augmented } from '../http/augmented.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { badRequest } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { addCounts, allDetailed, type Counts, statsIfAny } from '../statistics/message-stats.js';
import { listRangesOf, type Ranges, rangesOf } from '../statistics/range.js';

const basicKeys = ['name', 'description', 'tags', 'metadata', 'default_queue_type'];

export function vhostResources(api: Api): Resource[] {
  return [
    {
      path: '/api/vhosts',
      access: api.access.management,
      get: (call) => vhostList(api, call),
    },
    {
      path: '/api/vhosts/:vhost',
      access: api.access.administrator,
      exists: vhostExists(api),
      get: async (call) => {
        const [item] = await detailedItems(
          api,
          call,
          [basicItem(vhostRow(api, call) as VhostRow)],
          rangesOf(call),
        );
        return pick(item as Item, columnsOf(call));
      },
      put: (call) => putVhost(api, call),
      delete: async (call) => {
        await declaring(() => api.admin.submit('vhost.delete', { name: call.param('vhost') }));
      },
    },
    {
      path: '/api/vhosts/:vhost/start/:node',
      access: api.access.administrator,
      exists: vhostExists(api),
      post: (call) => {
        const node = call.param('node');
        const problem = !api.nodes.running().includes(node)
          ? 'nodedown'
          : vhostRow(api, call) === undefined
            ? `{no_such_vhost,<<"${call.param('vhost')}">>}`
            : null;
        if (problem === null) return { status: 204 };
        throw badRequest(`Request to node ${node} failed with ${problem}`);
      },
    },
  ];
}

function vhostRow({ admin }: Api, call: Call): VhostRow | undefined {
  return admin.tables.get('vhosts', keys.vhost(call.param('vhost')));
}

function vhostList(api: Api, call: Call): Promise<unknown> {
  const visible = [...api.admin.tables.all('vhosts')].filter(
    (row) => isMonitor(call.principal) || api.access.enters(call.principal, row.name),
  );
  return augmented<VhostRow & { vhost: string }>(call, {
    rows: visible.map((row) => ({ ...row, vhost: '' })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    basic: basicKeys,
    item: basicItem,
    details: (items) => detailedItems(api, call, items, listRangesOf(call)),
  });
}

function basicItem({ name, description, tags, defaultQueueType }: VhostRow): Item {
  const metadata = { description, tags };
  return { name, description, tags, default_queue_type: defaultQueueType ?? 'undefined', metadata };
}

interface Sums {
  tracing: boolean;
  messages: Counts;
  lengths: Counts;
  octets: Counts;
}

async function detailedItems(api: Api, call: Call, items: Item[], ranges: Ranges): Promise<Item[]> {
  const running = Object.fromEntries(api.nodes.running().map((node) => [node, 'running']));
  if (call.flag('disable_stats')) {
    return items.map((item) => {
      const tracing = api.admin.vhost(String(item.name))?.tracing ?? false;
      return { ...item, tracing, cluster_state: running };
    });
  }
  // RabbitMQ shows samples of a virtual host's lengths with those of its messages.
  const answers = await api.nodes.all('management.vhosts', { ...ranges, lengths: ranges.messages });
  const sums = new Map<string, Sums>();
  for (const { node, answer } of answers) {
    for (const part of answer) add(sums, part, node === api.nodes.self);
  }
  return items.map((item) => ({ ...item, ...shown(sums.get(String(item.name))), cluster_state: running }));
}

/** trace_on is a switch of each node: the one asked shows its own. */
function add(sums: Map<string, Sums>, part: VhostCounts, own: boolean): void {
  const sum = sums.get(part.vhost) ?? { tracing: false, messages: {}, lengths: {}, octets: {} };
  sums.set(part.vhost, sum);
  if (own) sum.tracing = part.tracing;
  addCounts(sum.messages, part.messages);
  addCounts(sum.lengths, part.lengths);
  addCounts(sum.octets, part.octets);
}

function shown(sums: Sums | undefined): Item {
  if (sums === undefined) return { tracing: false };
  const item: Item = { tracing: sums.tracing, ...allDetailed({ ...sums.octets, ...sums.lengths }) };
  const stats = statsIfAny(sums.messages);
  if (stats !== undefined) item.message_stats = stats;
  return item;
}

async function putVhost(api: Api, call: Call): Promise<boolean> {
  const { json } = call;
  const name = call.param('vhost');
  const created = vhostRow(api, call) === undefined;
  // RabbitMQ reads it by this name, and only when it makes the vhost.
  const type = created ? json.defaultqueuetype : undefined;
  await declaring(async () => {
    const tags = tagsOf(json.tags);
    await api.admin.submit('vhost.put', {
      name,
      description: String(json.description ?? ''),
      tags,
      user: call.principal.user,
      ...(typeof type === 'string' ? { defaultQueueType: type } : {}),
    });
    if (created) {
      const all = { configure: '.*', write: '.*', read: '.*' };
      await api.admin.submit('permission.set', { user: call.principal.user, vhost: name, ...all });
    }
  });
  const tracing = json.tracing;
  if (tracing !== undefined) {
    await api.nodes.one(api.nodes.self, 'management.tracing', {
      vhost: name,
      on: tracing === true || tracing === 'true',
    });
  }
  return created;
}

function tagsOf(tags: unknown): string[] {
  if (Array.isArray(tags)) return tags.map(String);
  if (typeof tags !== 'string' || tags === '') return [];
  return tags.split(',').map((tag) => tag.trim());
}
