import { WarrenError } from '../errors/warren-error.js';

/** On how many nodes each classic queue is mirrored. */
export type Ha =
  | { readonly mode: 'all' }
  | { readonly mode: 'none' }
  | { readonly mode: 'exactly'; readonly count: number };

export function parseHa(value: string): Ha {
  if (value === 'all' || value === 'none') return { mode: value };
  const count = Number(/^exactly:(\d+)$/.exec(value)?.[1]);
  if (Number.isInteger(count) && count >= 1) return { mode: 'exactly', count };
  throw WarrenError.of('BAD_HA', { value });
}
