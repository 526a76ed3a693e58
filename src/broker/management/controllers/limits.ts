/** Limits of virtual hosts and of users. */
import { OperationRefused } from '../../core/metadata/operation.js';
import type { ParameterRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import { type Api, ofVhost, requireVhost, vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import { list } from '../http/listing.js';
import { badRequest, type Refusal } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { validationFailed } from './policies.js';
import { userOf } from './users.js';

export function limitResources(api: Api): Resource[] {
  return [...vhostLimits(api), ...userLimits(api)];
}

type Limits = Record<string, unknown>;

function vhostLimits(api: Api): Resource[] {
  const { admin, access } = api;
  const all: Resource = {
    path: '/api/vhost-limits',
    access: access.vhostVisible,
    headless: true,
    exists: vhostExists(api),
    get: (call) =>
      list(
        call,
        ofVhost(api, call, vhostLimitRows(api)).map(({ vhost, value }) => ({ vhost, value })),
        ['vhost'],
      ),
  };
  const key = (call: Call) => keys.parameter(call.vhost ?? '', 'vhost-limits', 'limits');
  const current = (call: Call): Limits => ({
    ...(admin.tables.get('parameters', key(call))?.value as Limits),
  });
  return [
    all,
    { ...all, path: '/api/vhost-limits/:vhost' },
    {
      path: '/api/vhost-limits/:vhost/:name',
      access: access.administrator,
      jsonOnly: true,
      put: async (call) => {
        const value = call.required('value');
        const vhost = call.vhost ?? '';
        requireVhost(api, call);
        await refusing(
          () =>
            admin.submit('vhost_limits.set', {
              vhost,
              limits: { ...current(call), [call.param('name')]: value },
            }),
          (problem) => validationFailed(problem, false),
        );
        return false;
      },
      delete: async (call) => {
        requireVhost(api, call);
        const { [call.param('name')]: _gone, ...limits } = current(call);
        const vhost = call.vhost ?? '';
        if (Object.keys(limits).length === 0) await admin.submit('vhost_limits.clear', { vhost });
        else await admin.submit('vhost_limits.set', { vhost, limits });
      },
    },
  ];
}

function vhostLimitRows({ admin }: Api): ParameterRow[] {
  return [...admin.tables.all('parameters')].filter((row) => row.component === 'vhost-limits');
}

function userLimits(api: Api): Resource[] {
  const { admin, access } = api;
  const all: Resource = {
    path: '/api/user-limits',
    access: access.management,
    headless: true,
    exists: (call) => call.param('user') === '' || userOf(api, call) !== undefined,
    get: (call) => {
      const asked = call.param('user');
      const rows = [...admin.tables.all('users')].filter(
        ({ name, limits }) => (asked === '' || name === asked) && Object.keys(limits).length > 0,
      );
      return list(
        call,
        rows.map(({ name, limits }) => ({ user: name, value: limits })),
        ['user'],
      );
    },
  };
  return [
    all,
    { ...all, path: '/api/user-limits/:user' },
    {
      path: '/api/user-limits/:user/:name',
      access: access.administrator,
      jsonOnly: true,
      put: async (call) => {
        const name = call.param('user');
        const value = call.required('value');
        if (userOf(api, call) === undefined) throw badRequest(['no_such_user', name]);
        const limits = { [call.param('name')]: value };
        await refusing(
          () => admin.submit('user_limits.set', { name, limits }),
          (problem) => badRequest(problem.replace(/ in limits$/, ' in user-limits')),
        );
        return false;
      },
      delete: async (call) => {
        const name = call.param('user');
        if (userOf(api, call) === undefined) throw badRequest(['no_such_user', name]);
        await admin.submit('user_limits.clear', { name, limit: call.param('name') });
      },
    },
  ];
}

async function refusing(submit: () => Promise<unknown>, word: (problem: string) => Refusal): Promise<void> {
  try {
    await submit();
  } catch (error) {
    if (error instanceof OperationRefused) throw word(error.message);
    throw error;
  }
}
