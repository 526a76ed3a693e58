import type { UserRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import { defaultHashingAlgorithm, hashPassword } from '../../core/password.js';
import type { Api } from '../api.js';
import { declaring } from '../http/amqp-refusal.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { badRequest, notString } from '../http/refusal.js';
import type { Posted, Resource } from '../http/resource.js';

export function userResources(api: Api): Resource[] {
  const { administrator, management } = api.access;
  const { admin } = api;
  return [
    {
      path: '/api/whoami',
      access: management,
      get: (call) => {
        const { user, tags } = call.principal;
        return pick({ name: user, tags: [...tags] }, columnsOf(call));
      },
    },
    {
      path: '/api/users',
      access: administrator,
      get: (call) => list(call, [...admin.tables.all('users')].map(userItem), ['name']),
    },
    {
      path: '/api/users/bulk-delete',
      access: administrator,
      post: (call) => bulkDelete(api, call),
    },
    {
      path: '/api/users/without-permissions',
      access: administrator,
      get: (call) => list(call, strangers(api).map(userItem), ['name']),
    },
    {
      path: '/api/users/:user',
      access: administrator,
      exists: (call) => userOf(api, call) !== undefined,
      get: (call) => pick(userItem(userOf(api, call) as UserRow), columnsOf(call)),
      put: (call) => putUser(api, call),
      delete: async (call) => {
        await declaring(() => admin.submit('user.delete', { name: call.param('user') }));
      },
    },
  ];
}

export function userOf({ admin }: Api, call: Call): UserRow | undefined {
  return admin.tables.get('users', keys.user(call.param('user')));
}

function userItem(row: UserRow): Item {
  return {
    name: row.name,
    password_hash: row.passwordHash,
    hashing_algorithm: row.hashingAlgorithm,
    tags: row.tags,
    limits: row.limits,
  };
}

function strangers({ admin }: Api): UserRow[] {
  const known = new Set([...admin.tables.all('permissions')].map((row) => row.user));
  return [...admin.tables.all('users')].filter((row) => !known.has(row.name));
}

async function putUser(api: Api, call: Call): Promise<boolean> {
  const created = userOf(api, call) === undefined;
  const row = { name: call.param('user'), tags: tagsOf(call), ...passwordOf(call) };
  await declaring(() => api.admin.submit('user.put', row));
  return created;
}

function tagsOf({ json }: Call): string[] {
  const tags = json.tags;
  if (tags === undefined) throw badRequest('tags_not_present');
  if (Array.isArray(tags)) return tags.map(String);
  if (typeof tags !== 'string') throw notString('tags', tags);
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

/** A password, or a hash made elsewhere; neither: the user cannot log in with a password. */
function passwordOf({ json }: Call): { passwordHash: string; hashingAlgorithm: string } {
  const { password, password_hash: hash } = json;
  const given = json.hashing_algorithm;
  const hashingAlgorithm = typeof given === 'string' ? given : defaultHashingAlgorithm;
  if (password !== undefined) {
    if (typeof password !== 'string') throw notString('password', password);
    return { passwordHash: hashPassword(password), hashingAlgorithm: defaultHashingAlgorithm };
  }
  if (hash === undefined || hash === '') return { passwordHash: '', hashingAlgorithm };
  if (typeof hash !== 'string') throw notString('password_hash', hash);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(hash)) throw badRequest(['not_base64', hash]);
  return { passwordHash: hash, hashingAlgorithm };
}

async function bulkDelete(api: Api, call: Call): Promise<Posted> {
  const users = call.required('users');
  if (!Array.isArray(users)) throw badRequest(['not_list', 'users']);
  for (const name of users.map(String)) {
    if (api.admin.tables.get('users', keys.user(name)) === undefined)
      throw badRequest(['no_such_user', name]);
    await declaring(() => api.admin.submit('user.delete', { name }));
  }
  return { status: 204 };
}
