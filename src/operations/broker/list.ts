import { type ManagementApi, segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';

export type Row = Readonly<Record<string, unknown>>;

export interface ListQuery {
  /** The fields that are wanted, with dots into what is nested; all when left out. */
  readonly fields?: readonly string[] | undefined;
  /** The field to sort by; the broker's own order (vhost, name) when left out. */
  readonly sort?: string | undefined;
  readonly reverse: boolean;
  /** A regular expression that the name must hold. */
  readonly filter?: string | undefined;
  readonly limit?: number | undefined;
}

interface Page {
  readonly items: readonly Row[];
  readonly page_count: number;
}

/** The list of a resource in one vhost, or in all that the user may see. */
export function listPath(route: string, vhost: string | undefined): string {
  return vhost === undefined ? `/${route}` : `/${route}/${segment(vhost)}`;
}

/** RabbitMQ's largest page. */
const pageSize = 500;

/**
 * A list of the management API. Where the route has pages, the broker sorts and
 * filters and hands out page by page, so that ten thousand queues are never
 * asked for at once; a route without pages ignores the parameter and answers
 * with all it has, which is then sorted and filtered here. `named` is the field
 * that the filter looks at there.
 */
export async function listRows(
  api: ManagementApi,
  path: string,
  query: ListQuery,
  named: (row: Row) => unknown = ({ name }) => name,
): Promise<Row[]> {
  if (query.filter !== undefined) patternOf(query.filter);
  const rows: Row[] = [];
  const wanted = query.limit ?? Number.POSITIVE_INFINITY;
  for (let number = 1; rows.length < wanted; number++) {
    const page = await pageAt(api, path, query, number);
    if (isWhole(page)) return listedHere(page, query, named);
    rows.push(...page.items);
    if (number >= page.page_count) break;
  }
  return rows.slice(0, query.limit);
}

/** Of all the rows there are, those that were asked for, in the order that was asked for. */
export function listedHere<T extends Row>(
  all: readonly T[],
  { filter, sort, reverse, limit }: ListQuery,
  named: (row: T) => unknown,
): T[] {
  const pattern = filter === undefined ? undefined : patternOf(filter);
  const rows = pattern ? all.filter((row) => pattern.test(String(named(row)))) : [...all];
  if (sort !== undefined) rows.sort((left, right) => compare(fieldOf(left, sort), fieldOf(right, sort)));
  return (reverse ? rows.reverse() : rows).slice(0, limit);
}

function isWhole(answer: Page | readonly Row[]): answer is readonly Row[] {
  return Array.isArray(answer);
}

async function pageAt(
  api: ManagementApi,
  path: string,
  query: ListQuery,
  number: number,
): Promise<Page | readonly Row[]> {
  const asked = new URLSearchParams({
    page: String(number),
    page_size: String(Math.min(query.limit ?? pageSize, pageSize)),
  });
  if (query.filter !== undefined) {
    asked.set('name', query.filter);
    asked.set('use_regex', 'true');
  }
  if (query.sort !== undefined) asked.set('sort', query.sort);
  if (query.reverse) asked.set('sort_reverse', 'true');
  if (query.fields) asked.set('columns', [...new Set(query.fields)].join(','));
  try {
    return await api.get<Page | readonly Row[]>(`${path}?${asked}`, 60_000);
  } catch (error) {
    // Rows went away since the page before: that one was the last.
    if (number > 1 && error instanceof WarrenError && error.code === 'API_BAD_REQUEST') {
      return { items: [], page_count: 0 };
    }
    throw error;
  }
}

function patternOf(filter: string): RegExp {
  try {
    return new RegExp(filter);
  } catch (error) {
    const problem = `--filter ${filter} is no regular expression: ${(error as Error).message}`;
    throw WarrenError.of('USAGE', { problem, command: '' }, { cause: error });
  }
}

function fieldOf(row: Row, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Row | undefined)?.[key], row);
}

/** Numbers by size, anything else as text; what is not there first, as RabbitMQ does it. */
function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [String(left ?? ''), String(right ?? '')];
  return a < b ? -1 : a > b ? 1 : 0;
}
