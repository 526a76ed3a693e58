/**
 * Lists of what costs something per item, since nodes are asked for it. The page is cut as early as its order
 * allows: in the standard order out of the bare rows; ordered by a basic column out of the basic items; by a
 * figure that the nodes can tell alone (`rank`) after asking for that; only any other order needs every item
 * whole. The details are asked for the page alone.
 */
import type { Call } from './call.js';
import { columnsOf, type Item, pick } from './columns.js';
import { standardOrder } from './listing.js';
import { filterByName, type Page, pageOf, paginationOf } from './pagination.js';
import { sortItems, sortKeys } from './sorting.js';

export interface Source<T extends { vhost: string; name: string }> {
  /** In the standard order: by virtual host and name. */
  rows: T[];
  /** Keys that `item` gives. */
  basic: readonly string[];
  item(row: T): Item;
  /** The whole items, in the same order. */
  details(items: Item[]): Promise<Item[]>;
  /** A figure of every row by `vhost\0name`; null when it takes the details to know. */
  rank?(key: string): Promise<ReadonlyMap<string, number> | null>;
}

export async function augmented<T extends { vhost: string; name: string }>(
  call: Call,
  source: Source<T>,
): Promise<unknown[] | Page<unknown>> {
  const pagination = paginationOf(call);
  const columns = columnsOf(call);
  const kept = pagination === null ? source.rows : filterByName(source.rows, pagination);
  const items = await inOrder(call, source, kept);
  const isBasic = columns?.every(([key]) => source.basic.includes(key as string)) ?? false;
  const show = async (some: Ordered<T>[]) => {
    const rows = some.map((each) => ('row' in each ? source.item(each.row) : each.item));
    const whole = isBasic || some.every((each) => 'item' in each && each.whole);
    return (whole ? rows : await source.details(rows)).map((item) => pick(item, columns));
  };
  if (pagination === null) return show(items);
  const page = pageOf(items, source.rows.length, pagination);
  return { ...page, items: await show(page.items) };
}

type Ordered<T> = { row: T } | { item: Item; whole: boolean };

async function inOrder<T extends { vhost: string; name: string }>(
  call: Call,
  source: Source<T>,
  rows: T[],
): Promise<Ordered<T>[]> {
  const reverse = call.flag('sort_reverse');
  const [key] = sortKeys(call, standardOrder) as [string];
  if (call.query('sort') === undefined || call.query('sort') === '') {
    const bare = rows.map((row) => ({ row }));
    return reverse ? bare.reverse() : bare;
  }
  const isBasic = source.basic.includes(key.split('.', 1)[0] as string);
  const rank = isBasic ? null : await source.rank?.(key);
  if (rank != null) return ranked(rows, rank, reverse);
  const basic = rows.map(source.item);
  const items = isBasic ? basic : await source.details(basic);
  return sortItems(items, [key], reverse).map((item) => ({ item, whole: !isBasic }));
}

function ranked<T extends { vhost: string; name: string }>(
  rows: T[],
  rank: ReadonlyMap<string, number>,
  reverse: boolean,
): { row: T }[] {
  const ordered = rows
    .map((row) => ({ row, value: rank.get(`${row.vhost}\0${row.name}`) ?? 0 }))
    .sort((a, b) => a.value - b.value);
  return reverse ? ordered.reverse() : ordered;
}
