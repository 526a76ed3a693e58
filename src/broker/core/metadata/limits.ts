import { keys } from './rows.js';
import type { Tables } from './tables.js';

/** A limit of the vhost (`max-connections`, `max-queues`); null when there is none (unset or negative). */
export function vhostLimit(tables: Tables, vhost: string, name: string): number | null {
  const row = tables.get('parameters', keys.parameter(vhost, 'vhost-limits', 'limits'));
  const limit = (row?.value as Record<string, unknown> | undefined)?.[name];
  return typeof limit === 'number' && limit >= 0 ? limit : null;
}

/** A limit of the user (`max-connections`, `max-channels`); null when there is none. */
export function userLimit(
  tables: Tables,
  user: string,
  name: 'max-connections' | 'max-channels',
): number | null {
  const limit = tables.get('users', user)?.limits[name] ?? -1;
  return limit >= 0 ? limit : null;
}
