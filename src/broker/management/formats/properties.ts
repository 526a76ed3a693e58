/** Message properties as the HTTP API writes them: RabbitMQ's key names, those that are set. */
import { plainTable } from '../../core/plain-table.js';
import type { Properties } from '../../protocol/properties.js';
import { badRequest } from '../http/refusal.js';
import { argumentsOf } from './arguments.js';

const names = {
  content_type: 'contentType',
  content_encoding: 'contentEncoding',
  delivery_mode: 'deliveryMode',
  priority: 'priority',
  correlation_id: 'correlationId',
  reply_to: 'replyTo',
  expiration: 'expiration',
  message_id: 'messageId',
  timestamp: 'timestamp',
  type: 'type',
  user_id: 'userId',
  app_id: 'appId',
  cluster_id: 'clusterId',
} as const satisfies Record<string, keyof Properties>;

const numbers = new Set(['delivery_mode', 'priority', 'timestamp']);

/** An empty list when none is set, as RabbitMQ writes it. */
export function propertiesToJson(properties: Properties): Record<string, unknown> | [] {
  const shown: Record<string, unknown> = {};
  for (const [key, name] of Object.entries(names)) {
    const value = properties[name];
    if (value !== undefined) shown[key] = typeof value === 'bigint' ? Number(value) : value;
  }
  if (properties.headers !== undefined) shown.headers = plainTable(properties.headers);
  return Object.keys(shown).length === 0 ? [] : shown;
}

/** Unknown keys are ignored. */
export function jsonToProperties(given: unknown): Properties {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {};
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (key === 'headers') properties.headers = argumentsOf(value);
    else if (Object.hasOwn(names, key)) properties[names[key as keyof typeof names]] = typed(key, value);
  }
  return properties as Properties;
}

function typed(key: string, value: unknown): unknown {
  if (numbers.has(key)) {
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw badRequest(['not_int', key]);
  }
  if (typeof value !== 'string') throw badRequest(['not_string', key]);
  return value;
}
