/** From what a node answers (plain JSON with RabbitMQ's keys) to the cells of a listing. */
import type { Cell } from './cell.js';

export type Info = Readonly<Record<string, unknown>>;

/** Absent values are empty; objects are field tables. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value;
  if (Array.isArray(value)) return value.map(cellOf);
  return { fields: Object.entries(value).map(([name, field]) => [name, typeOf(field), cellOf(field)]) };
}

function typeOf(value: unknown): string {
  if (typeof value === 'string') return 'longstr';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
  return Array.isArray(value) ? 'array' : 'table';
}

const atomic = (value: unknown): Cell => (typeof value === 'string' ? { atom: value } : cellOf(value));
const pid = (value: unknown): Cell =>
  typeof value === 'string' && value !== '' ? { pid: value } : cellOf(value);

/** Columns whose values are atoms or pids to Erlang, lists of such included. */
const kinds: Readonly<Record<string, (value: unknown) => Cell>> = {
  type: atomic,
  state: atomic,
  leader: atomic,
  protocol: atomic,
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
  const kind = kinds[column] ?? cellOf;
  return Array.isArray(value) ? value.map(kind) : kind(value);
}
