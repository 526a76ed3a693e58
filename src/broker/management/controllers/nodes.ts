import { keys, type NodeRow } from '../../core/metadata/rows.js';
import type { Api } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { notFound } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { rangesOf } from '../statistics/range.js';

export function nodeResources(api: Api): Resource[] {
  const { monitor } = api.access;
  const running = (call: Call) => api.nodes.running().includes(call.param('node'));
  return [
    {
      path: '/api/nodes',
      access: monitor,
      get: async (call) => list(call, await nodeItems(api, call), ['name']),
    },
    {
      path: '/api/nodes/:node',
      access: monitor,
      get: (call) => oneNode(api, call),
    },
    {
      path: '/api/nodes/:node/memory',
      access: monitor,
      exists: running,
      get: async (call) =>
        pick({ memory: (await memoryOf(api, call.param('node'))).absolute }, columnsOf(call)),
    },
    {
      path: '/api/nodes/:node/memory/relative',
      access: monitor,
      exists: running,
      get: async (call) =>
        pick({ memory: (await memoryOf(api, call.param('node'))).relative }, columnsOf(call)),
    },
    ...['', '/relative', '/:filter', '/:filter/relative'].map(
      (which): Resource => ({
        path: `/api/nodes/:node/memory/ets${which}`,
        access: monitor,
        exists: running,
        // Erlang's tables are not there; RabbitMQ says so in a word where a filter fits none.
        get: (call) =>
          pick({ ets_tables_memory: which.includes('filter') ? 'no_tables' : { total: 0 } }, columnsOf(call)),
      }),
    ),
  ];
}

async function nodeItems(api: Api, call: Call): Promise<Item[]> {
  const rows = [...api.admin.tables.all('nodes')];
  if (call.flag('disable_stats')) return rows.map((row) => bare(row, api));
  const answers = new Map(
    (await api.nodes.all('management.node', rangesOf(call))).map(({ node, answer }) => [node, answer]),
  );
  return rows.map((row) => answers.get(row.name) ?? bare(row, api));
}

/** RabbitMQ shows no more of a node that does not answer. */
function bare(row: NodeRow, api: Api): Item {
  return { name: row.name, type: row.type, running: api.nodes.running().includes(row.name) };
}

async function oneNode(api: Api, call: Call): Promise<unknown> {
  const row = api.admin.tables.get('nodes', keys.node(call.param('node')));
  if (row === undefined) throw notFound();
  const item = (await nodeItems(api, call)).find((each) => each.name === row.name) as Item;
  if (!api.nodes.running().includes(row.name)) return pick(item, columnsOf(call));
  const memory = call.flag('memory') ? { memory: (await memoryOf(api, row.name)).absolute } : {};
  return pick({ ...memory, ...item }, columnsOf(call));
}

async function memoryOf(api: Api, node: string): Promise<{ absolute: Item; relative: Item }> {
  const answer = await api.nodes.one(node, 'management.memory', {});
  if (answer === null) throw notFound();
  return answer as { absolute: Item; relative: Item };
}
