/** The aliveness test, the old node health check, and spreading the queues' leaders. */
import { keys } from '../../core/metadata/rows.js';
import { type Api, openVhost, requester, vhostExists } from '../api.js';
import { onChannel } from '../http/amqp-refusal.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { notAuthorised } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { roundTrip } from './publish.js';
import { rebalance } from './rebalance.js';

export function livenessResources(api: Api): Resource[] {
  const { access, nodes } = api;
  const check: Resource = {
    path: '/api/healthchecks/node',
    access: access.management,
    exists: (call) => call.param('node') === '' || nodes.running().includes(call.param('node')),
    get: async (call) => {
      const node = call.param('node') || nodes.self;
      const alarms = await nodes.one(node, 'management.alarms', {});
      const reason = `resource alarm(s) in effect: ${alarms.map((each) => each.resource)}`;
      return pick(alarms.length === 0 ? { status: 'ok' } : { status: 'failed', reason }, columnsOf(call));
    },
  };
  return [
    {
      path: '/api/aliveness-test/:vhost',
      access: access.vhost,
      exists: vhostExists(api),
      get: async (call) => pick(await alive(api, call), columnsOf(call)),
    },
    check,
    { ...check, path: '/api/healthchecks/node/:node' },
    {
      path: '/api/rebalance/queues',
      access: access.administrator,
      post: async () => {
        await rebalance(api);
        return { status: 204 };
      },
    },
  ];
}

const queue = 'aliveness-test';

/** Declares a queue, publishes into it and takes the message out again. */
async function alive(api: Api, call: Call): Promise<Item> {
  // Who administers may look everywhere, but a client is what logs in here.
  if (
    api.admin.tables.get('permissions', keys.permission(call.principal.user, call.vhost ?? '')) === undefined
  )
    throw notAuthorised('Access refused.');
  return onChannel(async () => {
    const vhost = openVhost(api, call);
    const by = requester(call.principal);
    const declaration = { name: queue, passive: false, durable: false, exclusive: false, autoDelete: false };
    await vhost.declareQueue({ ...declaration, arguments: [] }, by);
    return { status: (await roundTrip(api, vhost, by, queue)) ? 'ok' : 'failed' };
  }, false);
}
