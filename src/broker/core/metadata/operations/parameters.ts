import { type Operation, OperationRefused } from '../operation.js';
import { keys } from '../rows.js';
import { requireVhost } from './require.js';
import { checkLimits } from './vhosts.js';

const set: Operation<{ vhost: string; component: string; name: string; value: unknown }, null> = (
  tables,
  { vhost, component, name, value },
) => {
  requireVhost(tables, vhost);
  // Other components come with plugins (shovel, federation) that are not here.
  if (component !== 'vhost-limits') {
    throw new OperationRefused('validation_failed', `component ${component} not found`, { component, name });
  }
  checkLimits(value as Record<string, unknown>, ['max-connections', 'max-queues']);
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
