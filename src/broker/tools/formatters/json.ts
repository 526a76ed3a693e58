/** JSON as RabbitMQ's tools write it: atoms and pids are strings, property lists objects, and AMQP field
 * tables lists of name, type and value. */
import type { Cell } from '../cell.js';

function toJson(cell: Cell): unknown {
  if (cell === null || typeof cell !== 'object') return typeof cell === 'bigint' ? Number(cell) : cell;
  if (Array.isArray(cell)) return cell.map(toJson);
  if ('atom' in cell) return cell.atom;
  if ('pid' in cell) return `#PID${cell.pid}`;
  if ('tuple' in cell) return cell.tuple.map(toJson);
  if ('fields' in cell) return cell.fields.map(([name, type, value]) => [name, type, toJson(value)]);
  // An empty list of Erlang's is a list, whatever it would hold.
  return cell.properties.length === 0
    ? []
    : Object.fromEntries(cell.properties.map(([name, value]) => [name, toJson(value)]));
}

/** A listing streams: one object a line, the commas before. */
export function jsonRows(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const objects = rows.map((row) =>
    JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, toJson(row[index] ?? '')]))),
  );
  return `[\n${objects.join('\n,')}${objects.length > 0 ? '\n' : ''}]\n`;
}
