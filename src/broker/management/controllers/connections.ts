/** Connections, channels and consumers: each user's own, all of them for monitors. */
import type { Api } from '../api.js';
import { ofVhost, vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import type { Item } from '../http/columns.js';
import { list, listOrPage } from '../http/listing.js';
import { badRequest, notAuthorised, notFound } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { noRanges, rangesOf } from '../statistics/range.js';

export function connectionResources(api: Api): Resource[] {
  const { access } = api;
  const exists = vhostExists(api);
  const visible = async (call: Call, question: 'management.connections' | 'management.channels') =>
    (await api.nodes.each(question, rangesOf(call))).filter(
      (item) =>
        access.sees(call.principal, String(item.user)) &&
        (call.vhost === undefined || item.vhost === call.vhost),
    );
  const connections = async (call: Call) => {
    const items = await visible(call, 'management.connections');
    if (call.vhost !== undefined) return list(call, items);
    return listOrPage(call, call.flag('disable_stats') ? items.map(untold) : items);
  };
  const channels = async (call: Call) => {
    requireStats(call);
    const items = await visible(call, 'management.channels');
    return call.vhost === undefined ? listOrPage(call, items) : list(call, items);
  };
  return [
    { path: '/api/connections', access: access.management, get: connections },
    { path: '/api/vhosts/:vhost/connections', access: access.vhost, exists, get: connections },
    { path: '/api/channels', access: access.management, get: channels },
    { path: '/api/vhosts/:vhost/channels', access: access.vhost, exists, get: channels },
    ofUser(api),
    oneConnection(api),
    {
      path: '/api/connections/:connection/channels',
      access: access.management,
      get: async (call) => {
        const { name } = await seen(api, call, 'management.connections', 'connection');
        const all = await visible(call, 'management.channels');
        return list(
          call,
          all.filter((item) => (item.connection_details as Item).name === name),
        );
      },
    },
    oneChannel(api),
    { path: '/api/consumers', access: access.management, get: (call) => consumers(api, call) },
    { path: '/api/consumers/:vhost', access: access.management, exists, get: (call) => consumers(api, call) },
  ];
}

/** What a connection is, without what it does. */
const untold = ({ name, vhost, user, node }: Item): Item => ({ name, vhost, user, node });

/** Channels and consumers are nothing but their statistics. */
function requireStats(call: Call): void {
  if (call.flag('disable_stats')) throw badRequest('Stats in management UI are disabled on this node');
}

async function seen(
  api: Api,
  call: Call,
  question: 'management.connections' | 'management.channels',
  param: string,
): Promise<Item> {
  const item = (await api.nodes.each(question, rangesOf(call))).find(
    (each) => each.name === call.param(param),
  );
  if (item === undefined) throw notFound();
  if (!api.access.sees(call.principal, String(item.user))) {
    throw notAuthorised('User not authorised to access object');
  }
  return item;
}

function oneConnection(api: Api): Resource {
  return {
    path: '/api/connections/:connection',
    access: api.access.management,
    get: async (call) => {
      const item = await seen(api, call, 'management.connections', 'connection');
      return call.flag('disable_stats') ? { name: item.name } : blank(item);
    },
    delete: async (call) => {
      const item = await seen(api, call, 'management.connections', 'connection');
      if (!api.access.closes(call.principal, String(item.user))) {
        throw notAuthorised('User not authorised to access object');
      }
      await close(api, call, [item]);
    },
  };
}

/** What is not there is null in the list and empty here, as in RabbitMQ. */
function blank(item: Item): Item {
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, value === null ? '' : value]));
}

function ofUser(api: Api): Resource {
  const theirs = async (call: Call) => {
    const user = call.param('user');
    const all = await api.nodes.each('management.connections', noRanges);
    return api.access.sees(call.principal, user) ? all.filter((item) => item.user === user) : [];
  };
  return {
    path: '/api/connections/username/:user',
    access: api.access.management,
    get: async (call) => {
      const items = await theirs(call);
      return list(call, items.map(untold));
    },
    delete: async (call) => {
      if (!api.access.closes(call.principal, call.param('user'))) return;
      await close(api, call, await theirs(call));
    },
  };
}

async function close(api: Api, call: Call, items: Item[]): Promise<void> {
  const reason = call.header('x-reason') ?? 'Closed via management plugin';
  for (const { node, name } of items) {
    await api.nodes.one(String(node), 'management.close', { names: [String(name)], reason });
  }
}

function oneChannel(api: Api): Resource {
  return {
    path: '/api/channels/:channel',
    access: api.access.management,
    get: async (call) => {
      requireStats(call);
      const item = await seen(api, call, 'management.channels', 'channel');
      const all = await api.nodes.each('management.consumers', {});
      const mine = all.filter((each) => (each.channel_details as Item).name === item.name);
      return { ...item, consumer_details: mine, publishes: [], deliveries: [] };
    },
  };
}

async function consumers(api: Api, call: Call): Promise<unknown> {
  requireStats(call);
  const owner = (item: Item) => String((item.channel_details as Item).user);
  const all = (await api.nodes.each('management.consumers', {})).filter((item) =>
    api.access.sees(call.principal, owner(item)),
  );
  const rows = all.map((item) => ({ item, vhost: String((item.queue as Item).vhost) }));
  return list(
    call,
    ofVhost(api, call, rows).map(({ item }) => item),
    ['channel_details.name', 'consumer_tag'],
  );
}
