/** Policies and operator policies. */
import { OperationRefused } from '../../core/metadata/operation.js';
import type { PolicyRow } from '../../core/metadata/rows.js';
import { keys } from '../../core/metadata/rows.js';
import { type Api, ofVhost, vhostExists } from '../api.js';
import type { Call } from '../http/call.js';
import { columnsOf, type Item, pick } from '../http/columns.js';
import { list } from '../http/listing.js';
import { badRequest, Refusal } from '../http/refusal.js';
import type { Resource } from '../http/resource.js';

interface Kind {
  path: string;
  table: 'policies' | 'operatorPolicies';
  set: 'policy.set' | 'operator_policy.set';
  clear: 'policy.clear' | 'operator_policy.clear';
  /** RabbitMQ escapes the texts of the one kind for HTML, not those of the other. */
  escaped: boolean;
  jsonOnly?: true;
}

const policies: Kind = {
  path: '/api/policies',
  table: 'policies',
  set: 'policy.set',
  clear: 'policy.clear',
  escaped: true,
};

const operatorPolicies: Kind = {
  path: '/api/operator-policies',
  table: 'operatorPolicies',
  set: 'operator_policy.set',
  clear: 'operator_policy.clear',
  escaped: false,
  jsonOnly: true,
};

export function policyResources(api: Api): Resource[] {
  return [
    ...ofKind(api, policies, api.access.policies),
    ...ofKind(api, operatorPolicies, api.access.administrator),
  ];
}

function ofKind(api: Api, kind: Kind, writers: NonNullable<Resource['access']>): Resource[] {
  const { admin } = api;
  const rowOf = (call: Call) =>
    admin.tables.get(kind.table, keys.policy(call.vhost ?? '', call.param('name')));
  const all: Resource = {
    path: kind.path,
    access: api.access.vhost,
    exists: vhostExists(api),
    get: (call) => list(call, ofVhost(api, call, admin.tables.all(kind.table)).map(policyItem)),
  };
  return [
    all,
    { ...all, path: `${kind.path}/:vhost` },
    {
      path: `${kind.path}/:vhost/:name`,
      access: writers,
      ...(kind.jsonOnly ? { jsonOnly: true } : {}),
      exists: (call) => rowOf(call) !== undefined,
      get: (call) => pick(policyItem(rowOf(call) as PolicyRow), columnsOf(call)),
      put: async (call) => {
        const created = rowOf(call) === undefined;
        await set(api, kind, call);
        return created;
      },
      delete: async (call) => {
        await admin.submit(kind.clear, { vhost: call.vhost ?? '', name: call.param('name') });
      },
    },
  ];
}

function policyItem(row: PolicyRow): Item {
  return {
    vhost: row.vhost,
    name: row.name,
    pattern: row.pattern,
    'apply-to': row.applyTo,
    definition: row.definition,
    priority: row.priority,
  };
}

async function set(api: Api, kind: Kind, call: Call): Promise<void> {
  call.require('pattern', 'definition');
  if (!vhostExists(api)(call)) throw new Refusal(404, { error: 'not_found', reason: 'vhost_not_found' });
  const { json } = call;
  try {
    await api.admin.submit(kind.set, {
      vhost: call.vhost ?? '',
      name: call.param('name'),
      pattern: json.pattern as string,
      applyTo: (json['apply-to'] ?? 'all') as PolicyRow['applyTo'],
      priority: (json.priority ?? 0) as number,
      definition: json.definition as Record<string, unknown>,
    });
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    throw validationFailed(error.message, kind.escaped);
  }
}

export function validationFailed(problem: string, escaped: boolean): Refusal {
  const text = `Validation failed\n\n${problem}\n`;
  return badRequest(
    escaped ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text,
  );
}
