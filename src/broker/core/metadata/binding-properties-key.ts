/**
 * How RabbitMQ's management API names one binding between a source and a destination: the routing key in URL
 * quotes, then `~` and a hash of the arguments when there are any; `~` alone for neither. Arguments count
 * without regard to their order.
 */
import { createHash } from 'node:crypto';
import type { FieldTable, FieldValue } from '../../protocol/field-table.js';

export function propertiesKeyOf(routingKey: string, table: FieldTable): string {
  if (table.length === 0) return routingKey === '' ? '~' : quoted(routingKey);
  return `${quoted(routingKey)}~${hash(table)}`;
}

function quoted(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function hash(table: FieldTable): string {
  const sorted = [...table].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const text = JSON.stringify(sorted.map((entry) => [entry.key, plain(entry)]));
  return createHash('sha256').update(text).digest().subarray(0, 4).toString('base64url');
}

function plain(value: FieldValue): unknown {
  if (value.type === 'A') return [value.type, value.value.map(plain)];
  if (value.type === 'F') return [value.type, value.value.map((entry) => [entry.key, plain(entry)])];
  if (typeof value.value === 'bigint') return [value.type, value.value.toString()];
  if (Buffer.isBuffer(value.value)) return [value.type, value.value.toString('latin1'), 'bytes'];
  return [value.type, value.value];
}
