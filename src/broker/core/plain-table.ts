/** A field table as the JSON that the management API, rabbitmqctl and trace logs show, and back. */
import { isUtf8 } from 'node:buffer';
import type { Field, FieldTable, FieldValue } from '../protocol/field-table.js';

/** Keys are in the order of Erlang's maps; of a key that stands twice, the second counts. */
export function plainTable(table: FieldTable): Record<string, unknown> {
  const entries = table.map((entry): [string, unknown] => [entry.key, plainValue(entry)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a === b ? 0 : a < b ? -1 : 1)));
}

function plainValue(value: FieldValue): unknown {
  switch (value.type) {
    case 'F':
      return plainTable(value.value);
    case 'A':
      return value.value.map(plainValue);
    case 'D':
      // RabbitMQ takes the scale for what stands before the point: 257 hundredths are 2.257 to it.
      return Number(`${value.value.scale}.${value.value.unscaled}`);
    case 'V':
      return 'undefined';
    case 'S':
    case 'x':
      return typeof value.value === 'string' ? value.value : textOf(value.value);
    default:
      return typeof value.value === 'bigint' ? Number(value.value) : value.value;
  }
}

/** Octets that are no text cannot stand in JSON: RabbitMQ shows them in base64, in lines of 76. */
function textOf(octets: Buffer): string {
  if (isUtf8(octets)) return octets.toString();
  return `Not UTF-8, base64 is: ${octets.toString('base64').replace(/.{76}/g, '$&\n')}`;
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
