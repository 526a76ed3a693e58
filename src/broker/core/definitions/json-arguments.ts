/** Field tables as JSON and back, with the types that RabbitMQ gives JSON values in definitions and its HTTP API. */
import type { Field, FieldTable, FieldValue } from '../../protocol/field-table.js';
import { OperationRefused } from '../metadata/operation.js';

export function tableToJson(table: FieldTable): Record<string, unknown> {
  return Object.fromEntries(table.map((field) => [field.key, valueToJson(field)]));
}

function valueToJson(field: FieldValue): unknown {
  switch (field.type) {
    case 'S':
      return typeof field.value === 'string' ? field.value : field.value.toString('utf8');
    case 'x':
      return field.value.toString('latin1');
    case 'A':
      return field.value.map(valueToJson);
    case 'F':
      return tableToJson(field.value);
    case 'D':
      return field.value.unscaled / 10 ** field.value.scale;
    case 'l':
    case 'L':
    case 'T':
      return Number(field.value);
    default:
      return field.value;
  }
}

/** What is not an object is an empty table; null inside is refused. */
export function jsonToTable(value: unknown): FieldTable {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([key, inner]) => ({ key, ...jsonToValue(inner) }) as Field);
}

function jsonToValue(value: unknown): FieldValue {
  if (typeof value === 'string') return { type: 'S', value };
  if (typeof value === 'boolean') return { type: 't', value };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { type: 'l', value } : { type: 'd', value };
  }
  if (Array.isArray(value)) return { type: 'A', value: value.map(jsonToValue) };
  if (value === null) throw new OperationRefused('null_not_allowed', 'null_not_allowed');
  return { type: 'F', value: jsonToTable(value) };
}
