import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { type ListQuery, listRows, type Row } from './list.js';
import { type BrokerObject, type Done, deleteObject, putObject } from './objects.js';
import type { Broker } from './reach.js';

/** Of a vhost and a component, or of the whole cluster. */
export type ParameterScope =
  | { readonly global: true }
  | { readonly component: string; readonly vhost: string };

export function listParameters(
  { api }: Broker,
  { component, global }: { readonly component?: string | undefined; readonly global: boolean },
  query: ListQuery,
): Promise<Row[]> {
  if (global) return listRows(api, '/global-parameters', query);
  return listRows(api, component === undefined ? '/parameters' : `/parameters/${segment(component)}`, query);
}

export function setParameter(
  { api }: Broker,
  scope: ParameterScope,
  name: string,
  text: string,
): Promise<Done> {
  const object = parameterOf(scope, name);
  const body = { value: jsonOf(text), name, ...('global' in scope ? {} : scope) };
  return putObject(api, object, body, { made: 'set', kept: 'set anew' });
}

export function deleteParameter({ api }: Broker, scope: ParameterScope, name: string): Promise<Done> {
  return deleteObject(api, parameterOf(scope, name));
}

export function parameterOf(scope: ParameterScope, name: string): BrokerObject {
  if ('global' in scope) {
    const path = `/global-parameters/${segment(name)}`;
    return { what: 'global parameter', name, path, list: 'parameter list --global' };
  }
  const { component, vhost } = scope;
  const path = `/parameters/${segment(component)}/${segment(vhost)}/${segment(name)}`;
  return { what: component, name, vhost, path, list: `parameter list --component ${component}` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = `the value is no JSON: ${(error as Error).message}`;
    throw WarrenError.of('USAGE', { problem, command: 'parameter set' }, { cause: error });
  }
}
