import { type Column, type Columns, fieldOf, type Row } from './columns/column.js';
import { table } from './table.js';

/** A table for people. */
export function listText(columns: readonly Column[], rows: readonly Row[], none: string): string {
  if (rows.length === 0) return none;
  return table(
    columns.map(({ name }) => name.replaceAll('_', ' ').toUpperCase()),
    rows.map((row) => columns.map(({ field, read }) => read(fieldOf(row, field)))),
  );
}

/** RFC 4180, but for the ends of lines, which are this system's; values as the API has them, not as people read them. */
export function listCsv(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map(({ field }) => plain(fieldOf(row, field))));
  return [columns.map(({ name }) => name), ...lines].map((line) => line.map(quoted).join(',')).join('\n');
}

/** Of each row what the columns show, under their names. */
export function listDocument(columns: readonly Column[], rows: readonly Row[]): Row[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, field }) => [name, fieldOf(row, field) ?? null])),
  );
}

/** The columns that were asked for by name, or the first name that none has. A name with a dot is a field of the API. */
export function chosen(
  columns: Columns,
  names: readonly string[] | undefined,
): Column[] | { unknown: string } {
  const picked: Column[] = [];
  for (const name of names ?? columns.usual) {
    const known = columns.all.find((one) => one.name === name);
    if (known) picked.push(known);
    else if (name.includes('.')) picked.push({ name, field: name, read: plain });
    else return { unknown: name };
  }
  return picked;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
