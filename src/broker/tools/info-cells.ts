/** From what a node answers (plain JSON with RabbitMQ's keys) to the cells of a listing. */
import type { FieldTable, FieldValue } from '../protocol/field-table.js';
import type { Cell } from './cell.js';

export type Info = Readonly<Record<string, unknown>>;

/** Absent values are empty; objects are field tables whose types were not kept. */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value;
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (Array.isArray(value)) return value.map(cellOf);
  return { fields: Object.entries(value).map(([name, field]) => [name, typeOf(field), cellOf(field)]) };
}

/** RabbitMQ's names of the types, of the shortest integer that clients choose. */
function typeOf(value: unknown): string {
  if (typeof value === 'string') return 'longstr';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'number') return Array.isArray(value) ? 'array' : 'table';
  if (!Number.isInteger(value)) return 'double';
  if (Math.abs(value) < 0x80) return 'byte';
  if (Math.abs(value) < 0x8000) return 'short';
  return Math.abs(value) < 0x80000000 ? 'signedint' : 'long';
}

const typeNames: Readonly<Record<FieldValue['type'], string>> = {
  t: 'bool',
  b: 'byte',
  B: 'unsignedbyte',
  s: 'short',
  u: 'unsignedshort',
  I: 'signedint',
  i: 'unsignedint',
  l: 'long',
  f: 'float',
  d: 'double',
  D: 'decimal',
  S: 'longstr',
  A: 'array',
  T: 'timestamp',
  F: 'table',
  V: 'void',
  x: 'binary',
};

function fieldsOf(table: FieldTable): Cell {
  return { fields: table.map((field) => [field.key, typeNames[field.type], fieldCell(field)]) };
}

function fieldCell(field: FieldValue): Cell {
  if (field.type === 'F') return fieldsOf(field.value);
  if (field.type === 'A') return field.value.map(fieldCell);
  if (field.type === 'D') return field.value.unscaled / 10 ** field.value.scale;
  return cellOf(field.value instanceof Uint8Array ? Buffer.from(field.value) : field.value);
}

/** Arguments come typed where the metadata has them. */
const table = (value: unknown): Cell =>
  Array.isArray(value) ? fieldsOf(value as FieldTable) : cellOf(value);

const atomic = (value: unknown): Cell => (typeof value === 'string' ? { atom: value } : cellOf(value));
const pid = (value: unknown): Cell =>
  typeof value === 'string' && value !== '' ? { pid: value } : cellOf(value);

/** `AMQP 0-9-1` is the tuple {0,9,1} to rabbitmqctl. */
function version(value: unknown): Cell {
  const digits = /(\d+)-(\d+)-(\d+)/.exec(String(value ?? ''));
  return digits === null ? cellOf(value) : { tuple: digits.slice(1).map(Number) };
}

/** Columns whose values are atoms or pids to Erlang, lists of such included. */
const kinds: Readonly<Record<string, (value: unknown) => Cell>> = {
  type: atomic,
  state: atomic,
  leader: atomic,
  protocol: version,
  activity_status: atomic,
  source_kind: atomic,
  destination_kind: atomic,
  members: atomic,
  online: atomic,
  pid,
  owner_pid: pid,
  slave_pids: pid,
  synchronised_slave_pids: pid,
  channel_pid: pid,
  connection: pid,
  exclusive_consumer_pid: pid,
};

export function infoCell(column: string, info: Info): Cell {
  const value = info[column];
  if (column === 'arguments') return table(value);
  const kind = kinds[column] ?? cellOf;
  return Array.isArray(value) ? value.map(kind) : kind(value);
}
