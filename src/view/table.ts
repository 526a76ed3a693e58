import stringWidth from 'string-width';
import { harmless } from './harmless.js';

/** Columns by two spaces and a line of headings; nothing that a script would trip over. */
export function table(headings: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [headings, ...rows].map((row) => row.map((cell) => (cell === null ? '-' : harmless(cell))));
  const widths = headings.map((_, column) =>
    lines.reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), 0),
  );
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(widths[column]! - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function widthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
