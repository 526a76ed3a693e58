import stringWidth from 'string-width';

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

/** Names come from anybody who may declare a queue: what would move the cursor or start a new line is shown. */
export function harmless(value: unknown): string {
  const text = String(value);
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function widthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
