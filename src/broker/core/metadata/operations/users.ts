import { fromPcre } from '../../pcre.js';
import { Draft } from '../draft.js';
import { type Operation, OperationRefused } from '../operation.js';
import { keys, type UserRow } from '../rows.js';
import type { Tables } from '../tables.js';
import { patternError } from '../validation/policy-definition.js';
import { requireUser, requireVhost } from './require.js';
import { checkLimits } from './vhosts.js';

/** Passwords come hashed (`hashPassword`): they travel and rest nowhere in the clear. */
interface PutUser {
  name: string;
  passwordHash: string;
  hashingAlgorithm: string;
  tags: string[];
  /** Kept as they are when absent. */
  limits?: Record<string, number>;
}

const add: Operation<PutUser, null> = (tables, args) => {
  if (tables.get('users', args.name) !== undefined) {
    throw new OperationRefused('user_already_exists', `User "${args.name}" already exists`, {
      user: args.name,
    });
  }
  return put(tables, args, { now: 0, newId: () => '' });
};

/** Creates the user or replaces password and tags. */
const put: Operation<PutUser, null> = (tables, args) => {
  const { name, passwordHash, hashingAlgorithm, tags } = args;
  if (name === '') throw new OperationRefused('bad_user', 'User name must not be empty');
  const limits = args.limits ?? tables.get('users', name)?.limits ?? {};
  const row: UserRow = { name, passwordHash, hashingAlgorithm, tags, limits };
  return { changes: [{ table: 'users', key: keys.user(name), row }], result: null };
};

const remove: Operation<{ name: string }, null> = (tables, { name }) => {
  requireUser(tables, name);
  const draft = new Draft(tables);
  draft.remove('users', keys.user(name));
  for (const table of ['permissions', 'topicPermissions'] as const) {
    for (const [key, row] of tables.rows[table]) if (row.user === name) draft.remove(table, key);
  }
  return { changes: draft.changes, result: null };
};

/** '' as the hash: the user can no longer log in with a password. */
const setPassword: Operation<{ name: string; passwordHash: string; hashingAlgorithm: string }, null> = (
  tables,
  { name, passwordHash, hashingAlgorithm },
) => changed(tables, name, { passwordHash, hashingAlgorithm });

const setTags: Operation<{ name: string; tags: string[] }, null> = (tables, { name, tags }) =>
  changed(tables, name, { tags });

/** `max-connections`, `max-channels`; merged into what is set. */
const setLimits: Operation<{ name: string; limits: Record<string, unknown> }, null> = (
  tables,
  { name, limits },
) => {
  requireUser(tables, name);
  checkLimits(limits, ['max-connections', 'max-channels'], 'user-limits');
  const current = tables.get('users', name)?.limits;
  return changed(tables, name, { limits: { ...current, ...(limits as Record<string, number>) } });
};

/** 'all', or the name of one limit. */
const clearLimits: Operation<{ name: string; limit: string }, null> = (tables, { name, limit }) => {
  requireUser(tables, name);
  const limits = { ...tables.get('users', name)?.limits };
  delete limits[limit];
  return changed(tables, name, { limits: limit === 'all' ? {} : limits });
};

interface PutPermission {
  user: string;
  vhost: string;
  configure: string;
  write: string;
  read: string;
}

const setPermission: Operation<PutPermission, null> = (tables, args) => {
  const { user, vhost, configure, write, read } = args;
  requirePair(tables, user, vhost);
  checkPatterns([configure, write, read]);
  const row = { user, vhost, configure, write, read };
  return { changes: [{ table: 'permissions', key: keys.permission(user, vhost), row }], result: null };
};

const clearPermission: Operation<{ user: string; vhost: string }, null> = (tables, { user, vhost }) => {
  requirePair(tables, user, vhost);
  const draft = new Draft(tables);
  draft.remove('permissions', keys.permission(user, vhost));
  return { changes: draft.changes, result: null };
};

const setTopicPermission: Operation<
  { user: string; vhost: string; exchange: string; write: string; read: string },
  null
> = (tables, { user, vhost, exchange, write, read }) => {
  requirePair(tables, user, vhost);
  checkPatterns([write, read]);
  const key = keys.topicPermission(user, vhost, exchange);
  const row = { user, vhost, exchange, write, read };
  return { changes: [{ table: 'topicPermissions', key, row }], result: null };
};

/** Without an exchange: all of the user in the vhost. */
const clearTopicPermission: Operation<{ user: string; vhost: string; exchange: string | null }, null> = (
  tables,
  { user, vhost, exchange },
) => {
  requirePair(tables, user, vhost);
  const draft = new Draft(tables);
  for (const [key, row] of tables.rows.topicPermissions) {
    if (row.user !== user || row.vhost !== vhost) continue;
    if (exchange === null || row.exchange === exchange) draft.remove('topicPermissions', key);
  }
  return { changes: draft.changes, result: null };
};

export const userOperations = {
  'user.add': add,
  'user.put': put,
  'user.delete': remove,
  'user.set_password': setPassword,
  'user.set_tags': setTags,
  'user_limits.set': setLimits,
  'user_limits.clear': clearLimits,
  'permission.set': setPermission,
  'permission.clear': clearPermission,
  'topic_permission.set': setTopicPermission,
  'topic_permission.clear': clearTopicPermission,
};

function changed(tables: Tables, name: string, fields: Partial<UserRow>) {
  requireUser(tables, name);
  const row = { ...(tables.get('users', name) as UserRow), ...fields };
  return { changes: [{ table: 'users' as const, key: keys.user(name), row }], result: null };
}

function requirePair(tables: Tables, user: string, vhost: string): void {
  requireUser(tables, user);
  requireVhost(tables, vhost);
}

/** RabbitMQ's patterns are PCRE; what this engine cannot compile is refused when it is set. */
function checkPatterns(patterns: readonly string[]): void {
  for (const pattern of patterns) {
    try {
      fromPcre(pattern);
    } catch (error) {
      const reason = patternError(pattern, error as Error);
      throw new OperationRefused('invalid_regexp', `{:invalid_regexp, '${pattern}', ${reason}}`, {
        pattern,
        reason,
      });
    }
  }
}
