import { words } from './columns/column.js';
import { harmless } from './harmless.js';

/** One object, a line for each of its fields; what is nested is one line of JSON. */
export function recordText(record: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(record).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${harmless(words(value))}`).join('\n');
}
