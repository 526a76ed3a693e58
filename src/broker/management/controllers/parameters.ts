/** Runtime parameters, global parameters, the cluster's name. */
import { clusterName } from '../../core/metadata/cluster-name.js';
import { OperationRefused } from '../../core/metadata/operation.js';
import type { ParameterRow, PolicyRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import { type Api, ofVhost, vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { Refusal } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';
import { validationFailed } from './policies.js';

export function parameterResources(api: Api): Resource[] {
  const { admin } = api;
  const access = api.access.policies;
  const rowOf = (call: Call): ParameterRow | undefined => {
    const { vhost, component, name } = target(call);
    if (component !== operatorPolicy) {
      return admin.tables.get('parameters', keys.parameter(vhost, component, name));
    }
    const row = admin.tables.get('operatorPolicies', keys.policy(vhost, name));
    return row === undefined ? undefined : asParameter(row);
  };
  const all: Resource = {
    path: '/api/parameters',
    access,
    exists: vhostExists(api),
    get: (call) => {
      const operator = [...admin.tables.all('operatorPolicies')].map(asParameter);
      const rows = ofVhost(api, call, [...admin.tables.all('parameters'), ...operator]);
      const component = call.param('component');
      return list(
        call,
        rows.filter((row) => component === '' || row.component === component).map(parameterItem),
      );
    },
  };
  return [
    all,
    { ...all, path: '/api/parameters/:component' },
    { ...all, path: '/api/parameters/:component/:vhost' },
    {
      path: '/api/parameters/:component/:vhost/:name',
      access,
      exists: (call) => rowOf(call) !== undefined,
      get: (call) => pick(parameterItem(rowOf(call) as ParameterRow), columnsOf(call)),
      put: async (call) => {
        const created = rowOf(call) === undefined;
        await set(api, call);
        return created;
      },
      delete: async (call) => {
        await admin.submit('parameter.clear', target(call));
      },
    },
    ...globalResources(api),
    clusterNameResource(api),
  ];
}

/** Operator policies are parameters, too, in RabbitMQ; policies are not shown as what they are there. */
const operatorPolicy = 'operator_policy';

function asParameter({ vhost, name, pattern, applyTo, definition, priority }: PolicyRow): ParameterRow {
  const value = { pattern, definition, priority, 'apply-to': applyTo };
  return { vhost, component: operatorPolicy, name, value };
}

const target = (call: Call) => ({
  vhost: call.vhost ?? '',
  component: call.param('component'),
  name: call.param('name'),
});

function parameterItem({ vhost, component, name, value }: ParameterRow): Item {
  return { value, vhost, component, name };
}

async function set(api: Api, call: Call): Promise<void> {
  const value = call.required('value');
  if (!vhostExists(api)(call)) throw new Refusal(404, { error: 'not_found', reason: 'vhost_not_found' });
  try {
    await api.admin.submit('parameter.set', { ...target(call), value });
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    throw validationFailed(error.message, false);
  }
}

function globalResources({ admin, access }: Api): Resource[] {
  const rowOf = (call: Call) =>
    admin.tables.get('globalParameters', keys.globalParameter(call.param('name')));
  return [
    {
      path: '/api/global-parameters',
      access: access.globalParameters,
      get: (call) =>
        list(
          call,
          [...admin.tables.all('globalParameters')].map((row) => ({ ...row })),
          ['name'],
        ),
    },
    {
      path: '/api/global-parameters/:name',
      access: access.globalParameters,
      exists: (call) => rowOf(call) !== undefined,
      get: (call) => pick({ ...rowOf(call) }, columnsOf(call)),
      put: async (call) => {
        const created = rowOf(call) === undefined;
        const value = call.required('value');
        await admin.submit('global_parameter.set', { name: call.param('name'), value });
        return created;
      },
      delete: async (call) => {
        await admin.submit('global_parameter.set', { name: call.param('name'), value: null });
      },
    },
  ];
}

function clusterNameResource(api: Api): Resource {
  const { access } = api;
  return {
    path: '/api/cluster-name',
    access: (call) => {
      access.management(call);
      if (call.method === 'PUT') access.administrator(call);
    },
    get: (call) => pick({ name: clusterName(api.admin.tables) }, columnsOf(call)),
    put: async (call) => {
      await api.admin.submit('global_parameter.set', {
        name: 'cluster_name',
        value: String(call.required('name')),
      });
      return false;
    },
  };
}
