/** `sort=a.b&sort_reverse=true`, in Erlang's order of values: numbers, atoms, objects, strings; absent is 0. */
import type { Call } from './call.js';
import type { Item } from './columns.js';

export function sortKeys(call: Call, standard: string[]): string[] {
  const asked = call.query('sort');
  return asked === undefined || asked === '' ? standard : [asked];
}

export function sortItems<T extends Item>(items: T[], keys: string[], reverse: boolean): T[] {
  const paths = keys.map((key) => key.split('.'));
  const rows = items.map((item) => ({ item, by: paths.map((path) => at(item, path)) }));
  rows.sort((a, b) => compareAll(a.by, b.by));
  if (reverse) rows.reverse();
  return rows.map((row) => row.item);
}

function at(item: Item, path: string[]): unknown {
  let value: unknown = item;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 0;
    value = (value as Item)[key];
  }
  return value === undefined ? 0 : value;
}

function compareAll(a: unknown[], b: unknown[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compare(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compare(a: unknown, b: unknown): number {
  const kinds = kind(a) - kind(b);
  if (kinds !== 0) return kinds;
  if (typeof a === 'number') return a - (b as number);
  if (typeof a === 'string') return a < (b as string) ? -1 : a === b ? 0 : 1;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left === right ? 0 : 1;
}

function kind(value: unknown): number {
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean' || value === null) return 1;
  return typeof value === 'string' ? 3 : 2;
}
