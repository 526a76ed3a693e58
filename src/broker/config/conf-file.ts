/**
 * The `rabbitmq.conf` format: one `key = value` a line, `#` begins a comment (also after a value), blank lines
 * are nothing. A value in single quotes is taken literally, so that it may hold `#` and spaces at its ends.
 * Keys are words joined by dots. When a key occurs twice the last one counts.
 */
import { ConfigError } from './config-error.js';

export interface ConfLine {
  key: string;
  value: string;
  /** `file:line` */
  where: string;
}

const assignment = /^\s*([A-Za-z0-9_@$.\\-]+)\s*=\s*(.*)$/;
const quoted = /^'([^']*)'\s*(?:#.*)?$/;

export function parseConf(text: string, file: string): ConfLine[] {
  const lines: ConfLine[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const where = `${file}:${index + 1}`;
    if (/^\s*(#.*)?$/.test(raw)) continue;
    const match = assignment.exec(raw);
    if (!match) throw new ConfigError(where, `"${raw.trim()}" is not of the form "key = value"`);
    const [, key, rest] = match as unknown as [string, string, string];
    lines.push({ key, value: readValue(rest, key, where), where });
  }
  return lines;
}

function readValue(rest: string, key: string, where: string): string {
  const literal = quoted.exec(rest);
  if (literal) return literal[1]!;
  if (rest.startsWith("'"))
    throw new ConfigError(where, `the quote that begins the value of ${key} is not closed`);
  const value = rest.replace(/#.*$/, '').trim();
  if (value === '') throw new ConfigError(where, `${key} has no value`);
  return value;
}
