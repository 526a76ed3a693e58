/** Permissions and topic permissions: of a user, of a virtual host, and one by one. */
import { OperationRefused } from '../../core/metadata/operation.js';
import type { PermissionRow, TopicPermissionRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import { type Api, vhostExists } from '../api.js';
import { regexProblem } from '../formats/regex-problem.js';
import type { Call } from '../http/call.js';
import { columnsOf, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { badRequest, notString } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { userOf } from './users.js';

export function permissionResources(api: Api): Resource[] {
  const { admin } = api;
  const access = api.access.administrator;
  const rows = () => [...admin.tables.all('permissions')];
  const row = (call: Call) =>
    admin.tables.get('permissions', keys.permission(call.param('user'), call.vhost ?? ''));
  return [
    { path: '/api/permissions', access, get: (call) => shown(call, rows()) },
    {
      path: '/api/permissions/:vhost/:user',
      access,
      exists: (call) => row(call) !== undefined,
      get: (call) => pick({ ...(row(call) as PermissionRow) }, columnsOf(call)),
      put: async (call) => {
        const created = row(call) === undefined;
        await setting(api, call, ['configure', 'write', 'read'], (patterns) =>
          admin.submit('permission.set', { ...names(call), ...patterns }),
        );
        return created;
      },
      delete: async (call) => {
        await admin.submit('permission.clear', names(call));
      },
    },
    ...around(api, 'permissions', rows),
  ];
}

export function topicPermissionResources(api: Api): Resource[] {
  const { admin } = api;
  const access = api.access.administrator;
  const rows = () => [...admin.tables.all('topicPermissions')];
  const mine = (call: Call) =>
    rows().filter((row) => row.user === call.param('user') && row.vhost === call.vhost);
  const one: Resource = {
    path: '/api/topic-permissions/:vhost/:user',
    access,
    exists: (call) => mine(call).length > 0,
    get: (call) => shown(call, mine(call)),
    put: async (call) => {
      const created = mine(call).length === 0;
      call.require('exchange', 'write', 'read');
      const exchange = String(call.json.exchange);
      await setting(api, call, ['write', 'read'], ({ write, read }) =>
        admin.submit('topic_permission.set', { ...names(call), exchange, write, read }),
      );
      return created;
    },
    delete: async (call) => {
      const exchange = call.param('exchange') === '' ? null : call.param('exchange');
      await admin.submit('topic_permission.clear', { ...names(call), exchange });
    },
  };
  return [
    { path: '/api/topic-permissions', access, get: (call) => shown(call, rows()) },
    one,
    { ...one, path: '/api/topic-permissions/:vhost/:user/:exchange' },
    ...around(api, 'topic-permissions', rows),
  ];
}

type Row = PermissionRow | TopicPermissionRow;

/** The same rows under a user and under a virtual host. */
function around(api: Api, what: string, rows: () => Row[]): Resource[] {
  const access = api.access.administrator;
  return [
    {
      path: `/api/users/:user/${what}`,
      access,
      exists: (call) => userOf(api, call) !== undefined,
      get: (call) =>
        shown(
          call,
          rows().filter((row) => row.user === call.param('user')),
        ),
    },
    {
      path: `/api/vhosts/:vhost/${what}`,
      access,
      exists: vhostExists(api),
      get: (call) =>
        shown(
          call,
          rows().filter((row) => row.vhost === call.vhost),
        ),
    },
  ];
}

const names = (call: Call) => ({ user: call.param('user'), vhost: call.vhost ?? '' });

const shown = (call: Call, rows: Row[]) =>
  list(
    call,
    rows.map((row) => ({ ...row })),
    ['vhost', 'user', 'exchange'],
  );

type Patterns = { configure: string; write: string; read: string };

async function setting(
  api: Api,
  call: Call,
  needed: (keyof Patterns)[],
  submit: (patterns: Patterns) => Promise<unknown>,
): Promise<void> {
  const patterns: Patterns = { configure: '', write: '', read: '' };
  call.require(...needed);
  if (userOf(api, call) === undefined || !vhostExists(api)(call)) throw badRequest('vhost_or_user_not_found');
  for (const key of needed) {
    const pattern = call.json[key];
    if (typeof pattern !== 'string') throw notString(key, pattern);
    patterns[key] = pattern;
  }
  try {
    await submit(patterns);
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    throw error.code === 'invalid_regexp'
      ? badRequest(regexProblem(error, !needed.includes('configure')))
      : badRequest(error.message);
  }
}
