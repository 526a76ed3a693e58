/** Lists of what is at hand, as every list route answers them. */
import type { Call } from './call.js';
import { columnsOf, type Item, pick } from './columns.js';
import { filterByName, type Page, pageOf, paginationOf } from './pagination.js';
import { sortItems, sortKeys } from './sorting.js';

export const standardOrder = ['vhost', 'name'];

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
