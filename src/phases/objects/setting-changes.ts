import type { FilePolicy } from '../../cluster-file/objects.js';
import { segment } from '../../drivers/management-api/client.js';
import { type ObjectChange, put, sameJson } from './change.js';
import type { Definitions, Found, Row } from './definitions.js';
import type { WantedObjects, WantedParameter } from './wanted.js';

/** Permissions, policies and parameters: a PUT replaces what is there. */
export function settingChanges(wanted: WantedObjects, { definitions }: Found): ObjectChange[] {
  return [
    ...permissionChanges(wanted, definitions),
    ...wanted.parameters.flatMap((one) => parameterChange(one, definitions)),
    ...wanted.global_parameters.flatMap(({ name, value }) => {
      const there = definitions.global_parameters.find((one) => one.name === name);
      if (there && sameJson(there.value, value)) return [];
      const path = `/global-parameters/${segment(name)}`;
      return [put(`set global parameter ${name}`, path, () => ({ name, value }))];
    }),
    ...wanted.policies.flatMap((one) => policyChange('policy', one, definitions.policies)),
    ...wanted.operator_policies.flatMap((one) =>
      policyChange('operator policy', one, operatorPolicies(definitions)),
    ),
  ];
}

function permissionChanges(wanted: WantedObjects, definitions: Definitions): ObjectChange[] {
  const plain = wanted.permissions
    .filter((one) => !definitions.permissions.some((there) => sameJson(there, one)))
    .map(({ user, vhost, ...body }) =>
      put(
        `set permissions of ${user} in vhost ${vhost}`,
        `/permissions/${segment(vhost)}/${segment(user)}`,
        () => body,
      ),
    );
  const topic = wanted.topic_permissions
    .filter((one) => !definitions.topic_permissions.some((there) => sameJson(there, one)))
    .map(({ user, vhost, ...body }) =>
      put(
        `set topic permissions of ${user} on exchange ${body.exchange} in vhost ${vhost}`,
        `/topic-permissions/${segment(vhost)}/${segment(user)}`,
        () => body,
      ),
    );
  return [...plain, ...topic];
}

function parameterChange(
  { component, name, vhost, value }: WantedParameter,
  { parameters }: Definitions,
): ObjectChange[] {
  const there = parameters.find(
    (one) => one.component === component && one.name === name && one.vhost === vhost,
  );
  if (there && sameJson(there.value, value())) return [];
  const path = `/parameters/${segment(component)}/${segment(vhost)}/${segment(name)}`;
  return [
    put(`set ${component} ${name} in vhost ${vhost}`, path, () => ({
      component,
      name,
      vhost,
      value: value(),
    })),
  ];
}

function policyChange(
  kind: 'policy' | 'operator policy',
  policy: FilePolicy,
  found: readonly Row[],
): ObjectChange[] {
  if (found.some((there) => sameJson(there, policy))) return [];
  const { name, vhost, ...body } = policy;
  const path = kind === 'policy' ? 'policies' : 'operator-policies';
  return [
    put(`set ${kind} ${name} in vhost ${vhost}`, `/${path}/${segment(vhost)}/${segment(name)}`, () => body),
  ];
}

/** Definitions hold operator policies among the parameters. */
function operatorPolicies({ parameters }: Definitions): Row[] {
  return parameters
    .filter(({ component }) => component === 'operator_policy')
    .map(({ name, vhost, value }) => ({ name, vhost, ...(value as Row) }));
}
