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
  rows: readonly T[];
  /** Keys that `item` gives. */
  basic: readonly string[];
  item(row: T): Item;
  /** The whole items, in the same order. */
  details(items: Item[]): Promise<Item[]>;
  /** Null when it takes the details to know. */
  rank?(key: string): Promise<Rank | null>;
}

/** A figure of every row, by virtual host and name. */
export type Rank = ReadonlyMap<string, ReadonlyMap<string, number>>;

export async function augmented<T extends { vhost: string; name: string }>(
  call: Call,
  source: Source<T>,
): Promise<unknown[] | Page<unknown>> {
  const pagination = paginationOf(call);
  const columns = columnsOf(call);
  const kept = pagination === null ? [...source.rows] : filterByName(source.rows, pagination);
  const ordered = await inOrder(call, source, kept);
  const isBasic = columns?.every(([key]) => source.basic.includes(key as string)) ?? false;
  const show = async ({ rows, items, whole }: Ordered<T>) => {
    const some = items ?? rows.map(source.item);
    const shown = whole || isBasic ? some : await source.details(some);
    return shown.map((item) => pick(item, columns));
  };
  if (pagination === null) return show(ordered);
  const page = pageOf<T | Item>(ordered.items ?? ordered.rows, source.rows.length, pagination);
  const cut =
    ordered.items === null
      ? { ...ordered, rows: page.items as T[] }
      : { ...ordered, items: page.items as Item[] };
  return { ...page, items: await show(cut) };
}

/** Rows, or the items that were made of them to know their order; whole ones need no details. */
interface Ordered<T> {
  rows: T[];
  items: Item[] | null;
  whole: boolean;
}

async function inOrder<T extends { vhost: string; name: string }>(
  call: Call,
  source: Source<T>,
  rows: T[],
): Promise<Ordered<T>> {
  const reverse = call.flag('sort_reverse');
  const [key] = sortKeys(call, standardOrder) as [string];
  const bare = (rows: T[]) => ({ rows, items: null, whole: false });
  if (call.query('sort') === undefined || call.query('sort') === '') {
    return bare(reverse ? rows.toReversed() : rows);
  }
  const isBasic = source.basic.includes(key.split('.', 1)[0] as string);
  const rank = isBasic ? null : await source.rank?.(key);
  if (rank != null) return bare(ranked(rows, rank, reverse));
  const basic = rows.map(source.item);
  const items = sortItems(isBasic ? basic : await source.details(basic), [key], reverse);
  return { rows, items, whole: !isBasic };
}

function ranked<T extends { vhost: string; name: string }>(rows: T[], rank: Rank, reverse: boolean): T[] {
  const ordered = rows
    .map((row) => ({ row, value: rank.get(row.vhost)?.get(row.name) ?? 0 }))
    .sort((a, b) => a.value - b.value);
  return (reverse ? ordered.reverse() : ordered).map(({ row }) => row);
}
