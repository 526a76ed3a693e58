/** Tab-separated lines with a header, quoted CSV, and the boxes of pretty_table. */
import type { Cell } from '../cell.js';
import { erlangAtom } from './erlang.js';

/** One value outside of any list: strings bare. */
function toText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell !== 'object') return String(cell);
  if (Array.isArray(cell)) return `[${cell.map(inList).join(', ')}]`;
  if ('atom' in cell) return cell.atom;
  if ('pid' in cell) return cell.pid;
  if ('tuple' in cell) return `{${cell.tuple.map(inList).join(',')}}`;
  if ('fields' in cell) {
    return `[${cell.fields.map(([name, , value]) => `{${inList(name)},${inList(value)}}`).join(',')}]`;
  }
  return `[${cell.properties.map(([name, value]) => `{${erlangAtom(name)}, ${inList(value)}}`).join(', ')}]`;
}

function inList(cell: Cell): string {
  if (typeof cell === 'string') return `"${cell}"`;
  return toText(cell);
}

export function tableRows(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  headers: boolean,
): string {
  const lines = rows.map((row) => row.map(toText).join('\t'));
  if (headers && rows.length > 0) lines.unshift(columns.join('\t'));
  return lines.map((line) => `${line}\n`).join('');
}

export function csvRows(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  headers: boolean,
): string {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map((row) => row.map((cell) => quote(toText(cell))).join(','));
  if (headers) lines.unshift(columns.map(quote).join(','));
  return lines.map((line) => `${line}\n`).join('');
}

const drawing = (text: string) => `\u001b(0${text}\u001b(B`;

/** Lines drawn with the terminal's own graphic characters, as stdout_formatter does. */
export function prettyRows(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => columns.map((_, index) => prettyText(row[index] ?? '')));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...texts.map((row) => row[index]!.length)),
  );
  const rule = (left: string, cross: string, right: string) =>
    drawing(`${left}${widths.map((width) => 'q'.repeat(width + 2)).join(cross)}${right}`);
  const bar = drawing('x');
  const line = (row: readonly string[], style: (text: string) => string) =>
    `${bar}${row.map((text, i) => ` ${style(text)}${' '.repeat(widths[i]! - text.length)} `).join(bar)}${bar}`;
  const body = texts.flatMap((row) => [rule('t', 'n', 'u'), line(row, (text) => text)]);
  return [
    rule('l', 'w', 'k'),
    line(columns, (text) => `\u001b[1m${text}\u001b[0m`),
    ...body,
    rule('m', 'v', 'j'),
    '',
  ].join('\n');
}

function prettyText(cell: Cell): string {
  const text = Array.isArray(cell) ? cell.map(toText).join(', ') : toText(cell);
  return text.replaceAll('\t', '  ');
}
