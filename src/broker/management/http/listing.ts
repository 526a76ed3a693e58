/**
 * Lists, as every list route answers them. `list` is for what is at hand. `augmented` is for what costs
 * something per item (asking the nodes): when order and filter need only the basic columns, it sorts and cuts
 * the page first and asks for the details of that page alone.
 */
import type { Call } from './call.js';
import { columnsOf, type Item, pick } from './columns.js';
import { filterByName, type Page, pageOf, paginationOf } from './pagination.js';
import { sortItems, sortKeys } from './sorting.js';

const standardOrder = ['vhost', 'name'];

export function list(call: Call, items: Item[], order = standardOrder): unknown[] {
  const columns = columnsOf(call);
  const reverse = call.flag('sort_reverse');
  if (call.query('sort') === undefined)
    return sortItems(items, order, reverse).map((item) => pick(item, columns));
  const picked = items.map((item) => pick(item, columns) as Item);
  return sortItems(picked, sortKeys(call, order), reverse);
}

export function listOrPage(call: Call, items: Item[], order = standardOrder): unknown[] | Page<unknown> {
  const pagination = paginationOf(call);
  if (pagination === null) return list(call, items, order);
  const sorted = sortItems(filterByName(items, pagination), sortKeys(call, order), call.flag('sort_reverse'));
  const columns = columnsOf(call);
  const page = pageOf(sorted, items.length, pagination);
  return { ...page, items: page.items.map((item) => pick(item, columns)) };
}

export async function augmented<T extends Item>(
  call: Call,
  rows: T[],
  basic: readonly string[],
  details: (rows: T[]) => Promise<Item[]>,
  /** True when `rows` come in the standard order already. */
  ordered = false,
): Promise<unknown[] | Page<unknown>> {
  const pagination = paginationOf(call);
  const keys = sortKeys(call, standardOrder);
  const columns = columnsOf(call);
  const reverse = call.flag('sort_reverse');
  const has = (key: string) => basic.includes(key);
  const plain = columns?.every(([key]) => has(key as string)) ?? false;
  const show = async (some: T[]) => (plain ? some : await details(some)).map((item) => pick(item, columns));
  const inOrder = <R extends Item>(some: R[]) => {
    if (ordered && call.query('sort') === undefined) return reverse ? some.toReversed() : some;
    return sortItems(some, keys, reverse);
  };
  const kept = pagination === null ? rows : filterByName(rows, pagination);
  if (!keys.every((key) => has(key.split('.')[0] as string))) {
    const all = sortItems(await details(kept), keys, reverse);
    if (pagination === null) return all.map((item) => pick(item, columns));
    const page = pageOf(all, rows.length, pagination);
    return { ...page, items: page.items.map((item) => pick(item, columns)) };
  }
  if (pagination === null) return show(inOrder(kept));
  const page = pageOf(inOrder(kept), rows.length, pagination);
  return { ...page, items: await show(page.items) };
}
