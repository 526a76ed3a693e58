/** `page`, `page_size`, `name`, `use_regex`: one page of a list, filtered by name, and how much there is. */
import { matching } from '../../core/pattern.js';
import { fromPcre } from '../../core/pcre.js';
import type { Call } from './call.js';
import { badRequest } from './refusal.js';

const defaultSize = 100;
const largestSize = 500;

export interface Pagination {
  page: number;
  size: number;
  /** Of each of the names, whether it is wanted; null: every name is. */
  matches: ((names: readonly string[]) => boolean[]) | null;
}

export interface Page<T> {
  filtered_count: number;
  item_count: number;
  items: T[];
  page: number;
  page_count: number;
  page_size: number;
  total_count: number;
}

/** null: the whole list is wanted. */
export function paginationOf(call: Call): Pagination | null {
  const asked = call.query('page');
  if (asked === undefined) return null;
  const page = whole(asked);
  const given = call.query('page_size');
  const size = given === undefined ? defaultSize : whole(given);
  if (page < 1 || size < 1 || size > largestSize) {
    throw badRequest(
      `Invalid pagination parameters: page number ${page}, page size ${given === undefined ? 'undefined' : size}`,
      'invalid_pagination_parameters',
    );
  }
  return { page, size, matches: matcher(call.query('name') ?? '', call.flag('use_regex')) };
}

/** Cuts the page out of rows that are in their order already, and filtered before. */
export function pageOf<T>(rows: T[], total: number, { page, size }: Pagination): Page<T> {
  const start = (page - 1) * size;
  // The page right behind the last full one is empty, and not refused, as RabbitMQ counts.
  if (page > 1 && start > rows.length) {
    throw badRequest(
      `Page out of range, page: ${page} page size: ${size}, len: ${rows.length}`,
      'page_out_of_range',
    );
  }
  const items = rows.slice(start, start + size);
  return {
    filtered_count: rows.length,
    item_count: items.length,
    items,
    page,
    page_count: Math.ceil(rows.length / size),
    page_size: size,
    total_count: total,
  };
}

export function filterByName<T extends { name?: unknown }>(rows: readonly T[], { matches }: Pagination): T[] {
  if (matches === null) return [...rows];
  const wanted = matches(rows.map((row) => String(row.name ?? '')));
  return rows.filter((_, index) => wanted[index]);
}

function whole(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw badRequest('Pagination parameters are invalid');
  return Number(text);
}

/** Upper and lower case are one, with and without `use_regex`. */
function matcher(name: string, regex: boolean): Pagination['matches'] {
  if (name === '') return null;
  if (!regex) {
    const part = name.toLowerCase();
    return (names) => names.map((candidate) => candidate.toLowerCase().includes(part));
  }
  return (names) => {
    // As in RabbitMQ, a pattern that is none is told where there is something to try it on.
    if (names.length === 0) return [];
    const pattern = patternOf(name);
    const found = matching(pattern, names);
    if (found === null) throw badRequest(`The pattern ${name} takes too long: write a simpler one`);
    return found;
  };
}

function patternOf(text: string): RegExp {
  try {
    return fromPcre(text, 'i');
  } catch {
    throw badRequest('Pagination parameters are invalid');
  }
}
