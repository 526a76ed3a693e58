/**
 * trace_on: a copy of every message that is published or delivered goes to amq.rabbitmq.trace, with the routing
 * key `publish.EXCHANGE` or `deliver.QUEUE` and everything about it in the headers, the body as it was. What is
 * published to that exchange itself is not traced.
 */
import { type FieldTable, type FieldValue, field } from '../../protocol/field-table.js';
import { decodeProperties, encodeProperties, type Properties } from '../../protocol/properties.js';
import type { Tracer } from '../broker-port.js';
import type { Message } from '../message.js';
import type { ChannelIdentity, Queue } from '../queue-port.js';

export const TRACE_EXCHANGE = 'amq.rabbitmq.trace';

export function createTracer(node: string, vhost: string, publish: (message: Message) => void): Tracer {
  const trace = (message: Message, key: string, headers: FieldTable) => {
    publish({
      exchange: TRACE_EXCHANGE,
      routingKey: key,
      properties: encodeProperties({ headers }),
      body: message.body,
      persistent: false,
      priority: 0,
      expiration: -1,
    });
  };
  return {
    published: (message, sent, queues, channel) => {
      if (message.exchange === TRACE_EXCHANGE) return;
      const keys = routingKeys(message, sent);
      trace(message, `publish.${message.exchange}`, [
        ...describe(message, keys, node),
        ...origin(vhost, channel),
        { key: 'routed_queues', type: 'A', value: routedQueues(message, keys, queues).map(text) },
      ]);
    },
    delivered: (message, queue, redelivered, channel) => {
      if (message.exchange === TRACE_EXCHANGE) return;
      trace(message, `deliver.${queue.row.name}`, [
        ...describe(message, routingKeys(message, message.properties), node),
        { key: 'redelivered', type: 'I', value: redelivered ? 1 : 0 },
        ...origin(vhost, channel),
      ]);
    },
  };
}

const text = (value: string): FieldValue => ({ type: 'S', value });

function origin(vhost: string, channel: ChannelIdentity): FieldTable {
  return [
    { key: 'vhost', type: 'S', value: vhost },
    { key: 'connection', type: 'S', value: channel.connection },
    { key: 'channel', type: 'I', value: channel.number },
    { key: 'user', type: 'S', value: channel.user },
  ];
}

/** The message's own, then those of its headers CC and BCC. */
function routingKeys(message: Message, properties: Buffer): string[] {
  const { headers = [] } = decodeProperties(properties);
  const copies = ['CC', 'BCC'].flatMap((name) => {
    const carbon = field(headers, name);
    return carbon?.type === 'A' ? carbon.value.filter((each) => each.type === 'S') : [];
  });
  return [message.routingKey, ...copies.map(({ value }) => String(value))];
}

/** Sorted. The default exchange names the queues that it was given, whether they are there or not. */
function routedQueues(message: Message, keys: string[], queues: readonly Queue[]): string[] {
  const names = message.exchange === '' ? keys.filter(isQueue) : queues.map(({ row }) => row.name);
  return [...new Set(names)].sort();
}

const isQueue = (key: string) => !key.startsWith('amq.rabbitmq.reply-to');

function describe(message: Message, keys: string[], node: string): FieldTable {
  return [
    { key: 'exchange_name', type: 'S', value: message.exchange },
    { key: 'routing_keys', type: 'A', value: keys.map(text) },
    { key: 'properties', type: 'F', value: propertiesTable(decodeProperties(message.properties)) },
    { key: 'node', type: 'S', value: node },
  ];
}

/** From the last property to the first, numbers as signed integers: as RabbitMQ leaves them. */
function propertiesTable(properties: Properties): FieldTable {
  const table: FieldTable = [];
  for (const [name, value] of Object.entries(properties).reverse()) {
    const key = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (name === 'headers') table.push({ key, type: 'F', value: value as FieldTable });
    else if (typeof value === 'string') table.push({ key, type: 'S', value });
    else table.push({ key, type: Number(value) < 2 ** 31 ? 'I' : 'l', value: Number(value) });
  }
  return table;
}
