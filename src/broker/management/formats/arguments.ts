import { tableOf } from '../../core/plain-table.js';
import type { FieldTable } from '../../protocol/field-table.js';
import { badRequest } from '../http/refusal.js';

/** Arguments out of a body. What is not an object is an empty table; null, which no AMQP client can mean, is refused. */
export function argumentsOf(value: unknown): FieldTable {
  if (!isObject(value)) return [];
  refuseNull(value);
  return tableOf(value);
}

function refuseNull(value: unknown): void {
  if (value === null) throw badRequest('null_not_allowed');
  if (typeof value === 'object') Object.values(value).forEach(refuseNull);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
