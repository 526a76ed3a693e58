/**
 * Where the page is: the part of the address after #. A route is a list of names and a query, so that every
 * list with its page, order and filter, and every object, has an address of its own.
 */
export interface Route {
  readonly names: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export function parseRoute(hash: string): Route {
  const [where = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const names = where.split('/').map(decoded);
  return {
    names: names[0] === '' ? ['overview'] : names,
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function hrefOf(
  names: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const text = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${names.map(encodeURIComponent).join('/')}${text}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
