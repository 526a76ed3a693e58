import type { BindingRow } from '../../core/metadata/rows.js';
import { plainTable } from '../../core/plain-table.js';
import { type Api, ofVhost, openVhost, requester, vhostExists } from '../api.js';
import { argumentsOf } from '../formats/arguments.js';
import { declaring } from '../http/amqp-refusal.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { notAuthorised, notFound } from '../http/refusal.js';
import type { Posted, Resource } from '../http/resource.js';
import { exchangeName } from './exchanges.js';

const order = ['vhost', 'source', 'destination', 'routing_key', 'properties_key'];

export function bindingResources(api: Api): Resource[] {
  const { vhost: access } = api.access;
  const exists = vhostExists(api);
  const all = (call: Call) => shown(call, ofVhost(api, call, bindings(api)));
  return [
    { path: '/api/bindings', access, get: all },
    { path: '/api/bindings/:vhost', access, exists, get: all },
    {
      path: '/api/bindings/:vhost/e/:source/:dtype/:destination',
      access,
      get: (call) => shown(call, between(api, call)),
      post: (call) => bind(api, call),
    },
    {
      path: '/api/bindings/:vhost/e/:source/:dtype/:destination/:props',
      access,
      exists: (call) => one(api, call) !== undefined,
      get: (call) => pick(item(one(api, call) as BindingRow), columnsOf(call)),
      delete: (call) => unbind(api, call),
    },
    ...neighbours(api, access),
  ];
}

/** Of a virtual host that is not there they are empty, as in RabbitMQ. */
function neighbours(api: Api, access: Resource['access']): Resource[] {
  const where = (matches: (row: BindingRow, call: Call) => boolean) => (call: Call) =>
    shown(
      call,
      ofVhost(api, call, bindings(api)).filter((row) => matches(row, call)),
    );
  return [
    {
      access,
      path: '/api/queues/:vhost/:queue/bindings',
      get: (call) => {
        const name = call.param('queue');
        const made = [...api.admin.tables.all('bindings')].filter(
          (row) => row.vhost === call.vhost && row.destinationKind === 'queue' && row.destination === name,
        );
        if (!vhostExists(api)(call)) return [];
        // The default binding shows up even of a queue that is not there, as in RabbitMQ.
        return shown(call, [implicit(call.vhost ?? '', name), ...made]);
      },
    },
    {
      access,
      path: '/api/exchanges/:vhost/:exchange/bindings/source',
      get: where((row, call) => row.source === exchangeName(call)),
    },
    {
      access,
      path: '/api/exchanges/:vhost/:exchange/bindings/destination',
      get: where((row, call) => row.destinationKind === 'exchange' && row.destination === exchangeName(call)),
    },
  ];
}

/** Those that were made, and the one that every queue has with the default exchange (AMQP 0-9-1, 3.1.3.1). */
function* bindings({ admin }: Api): Generator<BindingRow> {
  yield* admin.tables.all('bindings');
  for (const queue of admin.tables.all('queues')) yield implicit(queue.vhost, queue.name);
}

function implicit(vhost: string, name: string): BindingRow {
  return {
    vhost,
    source: '',
    destination: name,
    destinationKind: 'queue',
    routingKey: name,
    arguments: [],
    propertiesKey: encodeURIComponent(name).replaceAll('%20', '+'),
  };
}

function item(row: BindingRow): Item {
  return {
    source: row.source,
    vhost: row.vhost,
    destination: row.destination,
    destination_type: row.destinationKind,
    routing_key: row.routingKey,
    arguments: plainTable(row.arguments),
    properties_key: row.propertiesKey,
  };
}

const shown = (call: Call, rows: BindingRow[]) => list(call, rows.map(item), order);

function kind(call: Call): 'queue' | 'exchange' {
  const type = call.param('dtype');
  if (type !== 'q' && type !== 'e') throw notFound();
  return type === 'q' ? 'queue' : 'exchange';
}

function between(api: Api, call: Call): BindingRow[] {
  const destinationKind = kind(call);
  const source = exchangeName(call, 'source');
  const destination = call.param('destination');
  return ofVhost(api, call, bindings(api)).filter(
    (row) =>
      row.source === source && row.destination === destination && row.destinationKind === destinationKind,
  );
}

/** The key is quoted twice in a path; some clients write spaces as %20, some as +. */
function one(api: Api, call: Call): BindingRow | undefined {
  const asked = call.param('props').replaceAll('%20', '+');
  return between(api, call).find((row) => row.propertiesKey === asked);
}

async function bind(api: Api, call: Call): Promise<Posted> {
  const binding = {
    source: exchangeName(call, 'source'),
    destination: call.param('destination'),
    destinationKind: kind(call),
    routingKey: String(call.json.routing_key ?? ''),
    arguments: argumentsOf(call.json.arguments),
  };
  await declaring(() => openVhost(api, call).bind(binding, requester(call.principal)));
  const { admin } = api;
  const row = [...admin.tables.all('bindings')].find(
    (each) =>
      each.vhost === call.vhost &&
      each.source === binding.source &&
      each.destination === binding.destination &&
      each.destinationKind === binding.destinationKind &&
      each.routingKey === binding.routingKey &&
      JSON.stringify(plainTable(each.arguments)) === JSON.stringify(plainTable(binding.arguments)),
  );
  const key = encodeURIComponent(row?.propertiesKey ?? '~');
  return { status: 201, headers: { location: `${encodeURIComponent(binding.destination)}/${key}` } };
}

async function unbind(api: Api, call: Call): Promise<void> {
  const row = one(api, call);
  if (row === undefined) throw notFound();
  if (row.source === '') throw notAuthorised('Access refused.');
  await declaring(() =>
    openVhost(api, call).unbind(
      {
        source: row.source,
        destination: row.destination,
        destinationKind: row.destinationKind,
        routingKey: row.routingKey,
        arguments: row.arguments,
      },
      requester(call.principal),
    ),
  );
}
