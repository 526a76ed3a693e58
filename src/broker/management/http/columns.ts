/** `columns=name,message_stats.publish_details.rate`: which parts of each item go out. */
import type { Call } from './call.js';

export type Item = Record<string, unknown>;

/** The columns asked for, as paths; null = all. */
export function columnsOf(call: Call): string[][] | null {
  const asked = call.query('columns');
  return asked === undefined ? null : asked.split(',').map((column) => column.split('.'));
}

export function pick(item: Item, columns: string[][] | null): Item | [] {
  if (columns === null) return item;
  const picked: Item = {};
  for (const path of columns) {
    const [key, ...rest] = path as [string, ...string[]];
    if (!Object.hasOwn(item, key)) continue;
    picked[key] = rest.length === 0 ? item[key] : merge(picked[key], deep(item[key], rest));
  }
  // RabbitMQ writes an object without keys, here, as an empty list.
  return Object.keys(picked).length === 0 ? [] : picked;
}

function deep(value: unknown, path: string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => deep(each, path));
  if (typeof value !== 'object' || value === null) return value;
  return pick(value as Item, [path]);
}

function merge(before: unknown, after: unknown): unknown {
  if (isObject(before) && Array.isArray(after) && after.length === 0) return before;
  if (!isObject(before) || !isObject(after)) return after;
  const merged: Item = { ...before };
  for (const [key, value] of Object.entries(after)) merged[key] = merge(merged[key], value);
  return merged;
}

function isObject(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
