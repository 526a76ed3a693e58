/** What is in a queue: purge, get, and the actions on its mirrors. */
import type { Principal, VirtualHost } from '../../core/broker-port.js';
import type { ChannelIdentity, Consumer, Delivery, Queue } from '../../core/queue-port.js';
import { decodeProperties } from '../../protocol/properties.js';
import { type Api, openVhost, requester, vhostExists } from '../api.js';
import { propertiesToJson } from '../formats/properties.js';
import { declaring, onChannel } from '../http/amqp-refusal.js';
import type { Call } from '../http/call.js';
import { badRequest, notAuthorised, notFound } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { queueRow } from './queues.js';

export function queueContentsResources(api: Api): Resource[] {
  const { access } = api;
  return [
    {
      path: '/api/queues/:vhost/:queue/contents',
      access: access.vhost,
      exists: (call) => queueRow(api, call) !== undefined,
      delete: async (call) => {
        const by = requester(call.principal);
        await declaring(() => openVhost(api, call).purgeQueue(call.param('queue'), by));
      },
    },
    {
      path: '/api/queues/:vhost/:queue/get',
      access: access.vhost,
      post: async (call) => ({ status: 200, body: await get(api, call) }),
    },
    {
      path: '/api/queues/:vhost/:queue/actions',
      access: access.administrator,
      post: async (call) => act(api, call),
    },
  ];
}

/** What becomes of the messages that were got. */
const modes: Record<string, { requeue: boolean; reject: boolean; noAck: boolean }> = {
  ack_requeue_true: { requeue: true, reject: false, noAck: false },
  reject_requeue_true: { requeue: true, reject: false, noAck: false },
  ack_requeue_false: { requeue: false, reject: false, noAck: true },
  reject_requeue_false: { requeue: false, reject: true, noAck: false },
};

async function get(api: Api, call: Call): Promise<unknown> {
  call.require('ackmode', 'count', 'encoding');
  const { ackmode: mode, encoding } = call.json;
  const count = call.integer('count');
  const truncate = call.json.truncate === undefined ? Number.POSITIVE_INFINITY : call.integer('truncate');
  const what = modes[String(mode)];
  if (what === undefined) throw badRequest(['unknown_ackmode', mode]);
  if (encoding !== 'auto' && encoding !== 'base64') {
    throw badRequest('Unsupported encoding. Please use auto or base64.');
  }
  if (!vhostExists(api)(call)) throw notAuthorised('Access refused.');
  return onChannel(async () => {
    const vhost = openVhost(api, call);
    const queue = vhost.readableQueue(call.param('queue'), requester(call.principal));
    const getter = getterOf(api, call.principal, what.noAck);
    const got = await take(vhost, queue, getter, count);
    // The last first, so that each goes back in front of those that followed it.
    for (const { position } of got.toReversed()) {
      if (what.requeue) queue.requeue(getter, position);
      else if (what.reject) queue.reject(getter, position);
    }
    return got.map((delivery) => shown(delivery, encoding, truncate));
  }, false);
}

async function take(
  { tracer }: VirtualHost,
  queue: Queue,
  getter: Consumer,
  count: number,
): Promise<Delivery[]> {
  const got: Delivery[] = [];
  while (got.length < count) {
    const delivery = await queue.get(getter);
    if (delivery === null) break;
    got.push(delivery);
    tracer?.delivered(delivery.message, queue, delivery.redelivered, getter.channel);
  }
  return got;
}

/** RabbitMQ opens a connection inside the node for each request, which a trace shows by its process id. */
export const channelOf = (node: string, user: string): ChannelIdentity => ({
  node,
  connection: `<${node}.1.0.0>`,
  number: 1,
  user,
});

/** Gets, but never consumes. */
export function getterOf({ admin }: Api, { user }: Principal, noAck: boolean): Consumer {
  return {
    tag: '',
    noAck,
    exclusive: false,
    priority: 0,
    prefetch: 0,
    arguments: [],
    channel: channelOf(admin.node, user),
    ready: true,
    deliver: () => {},
    cancelled: () => {},
  };
}

function shown({ message, redelivered, remaining }: Delivery, encoding: string, truncate: number) {
  const body = message.body.subarray(0, Math.min(truncate, message.body.length));
  const text = encoding === 'auto' ? asText(body) : null;
  return {
    payload_bytes: message.body.length,
    redelivered,
    exchange: message.exchange,
    routing_key: message.routingKey,
    message_count: remaining,
    properties: propertiesToJson(decodeProperties(message.properties)),
    payload: text ?? body.toString('base64'),
    payload_encoding: text === null ? 'base64' : 'string',
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null where the bytes are not UTF-8. */
function asText(body: Buffer): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}

/** Synchronising serves the queue's clients meanwhile and is soon over: there is nothing to cancel. */
async function act(api: Api, call: Call): Promise<{ status: 204 }> {
  const action = call.required('action');
  if (action !== 'sync' && action !== 'cancel_sync') throw badRequest(['unknown', action]);
  const row = queueRow(api, call);
  if (row === undefined) throw notFound();
  if (action === 'sync' && api.nodes.running().includes(row.leader)) {
    await api.nodes.one(row.leader, 'management.synchronise', { vhost: row.vhost, name: row.name });
  }
  return { status: 204 };
}
