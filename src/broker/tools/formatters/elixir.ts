/** Values as Elixir inspects them: what the string and inspect formatters print of a listing. */
import type { Cell } from '../cell.js';

function toElixir(cell: Cell): string {
  if (cell === null) return ':undefined';
  if (typeof cell === 'string') return JSON.stringify(cell);
  if (typeof cell !== 'object') return String(cell);
  if (Array.isArray(cell)) return `[${cell.map(toElixir).join(', ')}]`;
  if ('atom' in cell) return elixirAtom(cell.atom);
  if ('pid' in cell) return `#PID${cell.pid}`;
  if ('tuple' in cell) return `{${cell.tuple.map(toElixir).join(', ')}}`;
  if ('fields' in cell) {
    const fields = cell.fields.map(
      ([name, type, value]) => `{${toElixir(name)}, ${elixirAtom(type)}, ${toElixir(value)}}`,
    );
    return `[${fields.join(', ')}]`;
  }
  return `[${cell.properties.map(([name, value]) => `${keyword(name)}: ${toElixir(value)}`).join(', ')}]`;
}

const isPlain = (name: string) => /^[A-Za-z_][A-Za-z0-9_]*[?!]?$/.test(name);
const elixirAtom = (name: string) => (isPlain(name) ? `:${name}` : `:"${name}"`);
const keyword = (name: string) => (isPlain(name) ? name : `"${name}"`);

/** A map, its keys in order; the texts of some are atoms. */
export function elixirMap(map: Record<string, unknown>, atoms: readonly string[]): string {
  const parts = Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, value]) =>
        `${keyword(key)}: ${atoms.includes(key) ? elixirAtom(String(value)) : toElixir(value as Cell)}`,
    );
  return `%{${parts.join(', ')}}`;
}

/** One keyword list a row. */
export function elixirRows(columns: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  return rows.map(
    (row) => `[${columns.map((column, i) => `${keyword(column)}: ${toElixir(row[i] ?? '')}`).join(', ')}]`,
  );
}
