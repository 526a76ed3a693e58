/** Erlang terms as io_lib's ~p writes them, without breaking lines. */
import type { Cell } from '../cell.js';

function toErlang(cell: Cell): string {
  if (cell === null) return 'undefined';
  if (typeof cell === 'string') return `<<${JSON.stringify(cell)}>>`;
  if (typeof cell !== 'object') return String(cell);
  if (Array.isArray(cell)) return `[${cell.map(toErlang).join(',')}]`;
  if ('atom' in cell) return erlangAtom(cell.atom);
  if ('pid' in cell) return cell.pid;
  if ('tuple' in cell) return `{${cell.tuple.map(toErlang).join(',')}}`;
  if ('fields' in cell) {
    return `[${cell.fields.map(([name, type, value]) => `{${toErlang(name)},${type},${toErlang(value)}}`).join(',')}]`;
  }
  return `[${cell.properties.map(([name, value]) => `{${erlangAtom(name)},${toErlang(value)}}`).join(',')}]`;
}

export function erlangAtom(name: string): string {
  return /^[a-z][A-Za-z0-9_@]*$/.test(name) ? name : `'${name}'`;
}

export function erlangRows(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lists = rows.map(
    (row) => `[${columns.map((column, i) => `{${erlangAtom(column)},${toErlang(row[i] ?? '')}}`).join(',')}]`,
  );
  return `[${lists.join(',\n ')}]\n`;
}
