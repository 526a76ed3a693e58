import { type Operation, OperationRefused } from '../operation.js';
import { keys } from '../rows.js';
import { requireVhost } from './require.js';
import { checkLimits } from './vhosts.js';

const set: Operation<{ vhost: string; component: string; name: string; value: unknown }, null> = (
  tables,
  { vhost, component, name, value },
) => {
  requireVhost(tables, vhost);
  if (component === 'vhost-limits')
    checkLimits(value as Record<string, unknown>, ['max-connections', 'max-queues']);
  else checkComponent(component, name);
  const key = keys.parameter(vhost, component, name);
  return { changes: [{ table: 'parameters', key, row: { vhost, component, name, value } }], result: null };
};

const clear: Operation<{ vhost: string; component: string; name: string }, null> = (
  tables,
  { vhost, component, name },
) => {
  requireVhost(tables, vhost);
  const key = keys.parameter(vhost, component, name);
  if (tables.get('parameters', key) === undefined) {
    throw new OperationRefused('no_such_parameter', 'Parameter does not exist', { component, name });
  }
  return { changes: [{ table: 'parameters', key, row: null }], result: null };
};

export const parameterOperations = { 'parameter.set': set, 'parameter.clear': clear };

/** Components of the plugins that bring runtime parameters. */
const components = new Set(['shovel', 'federation', 'federation-upstream', 'federation-upstream-set']);

function checkComponent(component: string, name: string): void {
  if (components.has(component)) return;
  throw new OperationRefused('validation_failed', `component ${component} not found`, { component, name });
}
