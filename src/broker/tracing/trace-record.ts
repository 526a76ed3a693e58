/** What a message of amq.rabbitmq.trace says: its headers, read (`core/vhost/tracer.ts` writes them). */
import type { Message } from '../core/message.js';
import { type FieldTable, field } from '../protocol/field-table.js';
import { decodeProperties } from '../protocol/properties.js';

export interface TraceRecord {
  type: 'published' | 'received';
  node: string;
  connection: string;
  vhost: string;
  user: string;
  channel: number;
  exchange: string;
  routingKeys: string[];
  /** Null where it was published, as `routedQueues` is where it was delivered. */
  queue: string | null;
  routedQueues: string[] | null;
  properties: FieldTable;
  payload: Buffer;
}

/** Null for what is no trace: clients may publish to the exchange, too. */
export function traceRecord(message: Message, payloadLimit: number): TraceRecord | null {
  const [, direction, rest] = /^(publish|deliver)\.(.*)$/s.exec(message.routingKey) ?? [];
  const headers = decodeProperties(message.properties).headers ?? [];
  const properties = field(headers, 'properties');
  const channel = field(headers, 'channel');
  const routed = direction === 'publish' ? texts(headers, 'routed_queues') : null;
  if (direction === undefined || properties?.type !== 'F' || channel === undefined) return null;
  if (direction === 'publish' && routed === null) return null;
  return {
    type: direction === 'publish' ? 'published' : 'received',
    node: text(headers, 'node'),
    connection: text(headers, 'connection'),
    vhost: text(headers, 'vhost'),
    user: text(headers, 'user'),
    channel: Number(channel.value),
    exchange: text(headers, 'exchange_name'),
    routingKeys: texts(headers, 'routing_keys') ?? [],
    queue: direction === 'deliver' ? (rest as string) : null,
    routedQueues: routed,
    properties: properties.value,
    payload: message.body.length > payloadLimit ? message.body.subarray(0, payloadLimit) : message.body,
  };
}

function text(headers: FieldTable, key: string): string {
  const value = field(headers, key);
  return value?.type === 'S' ? String(value.value) : '';
}

function texts(headers: FieldTable, key: string): string[] | null {
  const value = field(headers, key);
  return value?.type === 'A' ? value.value.map((each) => String(each.value)) : null;
}
