import { Draft } from '../draft.js';
import { type Operation, OperationRefused } from '../operation.js';
import { placed, runningNodes } from '../placement.js';
import { keys, type PolicyRow } from '../rows.js';
import { policyProblem } from '../validation/policy-definition.js';
import { requireVhost } from './require.js';

type Table = 'policies' | 'operatorPolicies';
type Put = Operation<PolicyRow, null>;
type Clear = Operation<{ vhost: string; name: string }, null>;

export const policyOperations = {
  'policy.set': set('policies'),
  'policy.clear': clear('policies'),
  'operator_policy.set': set('operatorPolicies'),
  'operator_policy.clear': clear('operatorPolicies'),
};

function set(table: Table): Put {
  return (tables, { vhost, name, pattern, applyTo, priority, definition }) => {
    requireVhost(tables, vhost);
    const row = { vhost, name, pattern, applyTo, priority, definition };
    const problem = policyProblem(row, table === 'operatorPolicies');
    if (problem !== null) throw new OperationRefused('validation_failed', problem, { vhost, name });
    const draft = new Draft(tables);
    draft.put(table, keys.policy(vhost, name), row);
    placeAll(draft, vhost);
    return { changes: draft.changes, result: null };
  };
}

function clear(table: Table): Clear {
  return (tables, { vhost, name }) => {
    requireVhost(tables, vhost);
    const key = keys.policy(vhost, name);
    if (tables.get(table, key) === undefined) {
      throw new OperationRefused('no_such_policy', 'Parameter does not exist', { vhost, name });
    }
    const draft = new Draft(tables);
    draft.remove(table, key);
    placeAll(draft, vhost);
    return { changes: draft.changes, result: null };
  };
}

/** Mirrors of the queues of a vhost (of all, with null) go where the policies now want them. */
export function placeAll(draft: Draft, vhost: string | null): void {
  const running = runningNodes(draft);
  for (const row of [...draft.all('queues')]) {
    if (vhost !== null && row.vhost !== vhost) continue;
    if (!running.includes(row.leader)) continue;
    const now = placed(row, running, draft);
    if (now !== row) draft.put('queues', keys.queue(row.vhost, row.name), now);
  }
}
