/** Publishing one message over HTTP: not fast, but handy. */
import type { Requester, VirtualHost } from '../../core/broker-port.js';
import type { Message } from '../../core/message.js';
import type { Queue } from '../../core/queue-port.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import {
  encodeProperties,
  noProperties,
  type Properties,
  scanProperties,
} from '../../protocol/properties.js';
import { type Api, openVhost, requester, vhostExists } from '../api.js';
import { jsonToProperties } from '../formats/properties.js';
import { onChannel } from '../http/amqp-refusal.js';
import type { Call } from '../http/call.js';
import { badRequest, notAuthorised } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { Confirmation } from './confirmation.js';
import { exchangeName } from './exchanges.js';
import { channelOf, getterOf } from './queue-contents.js';

export function publishResources(api: Api): Resource[] {
  return [
    {
      path: '/api/exchanges/:vhost/:exchange/publish',
      access: api.access.vhost,
      exists: vhostExists(api),
      post: async (call) => ({ status: 200, body: { routed: await publish(api, call) } }),
    },
  ];
}

/** Publishes into the queue and takes the message out again. */
export async function roundTrip(api: Api, vhost: VirtualHost, by: Requester, name: string): Promise<boolean> {
  const body = Buffer.from('test_message');
  const message = {
    exchange: '',
    routingKey: name,
    properties: noProperties,
    body,
    persistent: false,
    priority: 0,
    expiration: -1,
  };
  const queues = [...vhost.publishable('', by).route(message)];
  const getter = getterOf(api, by.principal, true);
  vhost.tracer?.published(message, noProperties, queues, getter.channel);
  await put(queues, message);
  const queue = vhost.readableQueue(name, by);
  for (;;) {
    const delivery = await queue.get(getter);
    if (delivery === null) return false;
    vhost.tracer?.delivered(delivery.message, queue, delivery.redelivered, getter.channel);
    if (delivery.message.body.equals(body)) return true;
  }
}

async function put(queues: readonly Queue[], message: Message): Promise<void> {
  const confirmation = new Confirmation();
  for (const queue of queues) queue.publish(message, confirmation, 1);
  await confirmation.done();
}

async function publish(api: Api, call: Call): Promise<boolean> {
  const message = await onChannel(() => messageOf(call), true);
  return onChannel(async () => {
    const by = requester(call.principal);
    if (!vhostExists(api)(call)) throw notAuthorised('Access refused.');
    const vhost = openVhost(api, call);
    const route = vhost.publishable(exchangeName(call), by);
    route.checkTopic?.(message.routingKey);
    const sent = message.properties;
    const queues = [...route.route(message)];
    vhost.tracer?.published(message, sent, queues, channelOf(api.admin.node, by.principal.user));
    if (queues.length === 0) return false;
    await put(queues, message);
    return true;
  }, true);
}

function messageOf(call: Call): Message {
  call.require('routing_key', 'properties', 'payload', 'payload_encoding');
  const { routing_key: key, properties: given, payload, payload_encoding: encoding } = call.json;
  const routingKey = String(key);
  const body = bodyOf(payload, encoding);
  const properties = jsonToProperties(given);
  checkUser(properties, call.principal.user);
  const bytes = encodeProperties(properties);
  const { persistent, priority, expiration } = scanProperties(bytes);
  if (Number.isNaN(expiration)) {
    throw badRequest(`406 PRECONDITION_FAILED - invalid expiration '${properties.expiration}'`);
  }
  return {
    exchange: exchangeName(call),
    routingKey,
    properties: bytes,
    body,
    persistent,
    priority,
    expiration,
  };
}

function bodyOf(payload: unknown, encoding: unknown): Buffer {
  if (typeof payload !== 'string') throw badRequest('payload_not_string');
  if (encoding === 'string') return Buffer.from(payload);
  if (encoding !== 'base64') throw badRequest(['unsupported_encoding', encoding]);
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(payload)) throw badRequest(['not_base64', payload]);
  return Buffer.from(payload, 'base64');
}

function checkUser(properties: Properties, user: string): void {
  if (properties.userId === undefined || properties.userId === user) return;
  const refusal = new AmqpError(
    'PRECONDITION_FAILED',
    `user_id property set to '${properties.userId}' but authenticated user was '${user}'`,
  );
  throw badRequest(`${refusal.code} ${refusal.replyText}`);
}
