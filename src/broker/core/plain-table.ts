/** A field table as the JSON that the management API and rabbitmqctl show, and back. */
import type { Field, FieldTable, FieldValue } from '../protocol/field-table.js';

export function plainTable(table: FieldTable): Record<string, unknown> {
  return Object.fromEntries(table.map((entry) => [entry.key, plainValue(entry)]));
}

function plainValue(value: FieldValue): unknown {
  if (value.type === 'F') return plainTable(value.value);
  if (value.type === 'A') return value.value.map(plainValue);
  if (value.type === 'D') return value.value.unscaled / 10 ** value.value.scale;
  if (typeof value.value === 'bigint') return Number(value.value);
  if (Buffer.isBuffer(value.value)) return value.value.toString('latin1');
  return value.value;
}

/** JSON as RabbitMQ types it: whole numbers are long, others double, text is longstr; keys in the order of Erlang's maps. */
export function tableOf(plain: Readonly<Record<string, unknown>>): FieldTable {
  return Object.entries(plain)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, value]) => ({ key, ...fieldValueOf(value) }) as Field);
}

function fieldValueOf(plain: unknown): FieldValue {
  if (typeof plain === 'string') return { type: 'S', value: plain };
  if (typeof plain === 'boolean') return { type: 't', value: plain };
  if (typeof plain === 'number') return { type: Number.isInteger(plain) ? 'l' : 'd', value: plain };
  if (Array.isArray(plain)) return { type: 'A', value: plain.map(fieldValueOf) };
  if (typeof plain === 'object' && plain !== null) return { type: 'F', value: tableOf({ ...plain }) };
  return { type: 'V', value: null };
}
