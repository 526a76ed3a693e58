import { segment } from '../../drivers/management-api/client.js';
import { WarrenError } from '../../errors/warren-error.js';
import { argumentsOf } from './arguments.js';
import { type ListQuery, listPath, listRows, type Row } from './list.js';
import { type BrokerObject, type Done, deleteObject, putObject, shellWord } from './objects.js';
import type { Broker } from './reach.js';

export function listPolicies(
  { api }: Broker,
  { vhost, operator }: { readonly vhost?: string | undefined; readonly operator: boolean },
  query: ListQuery,
): Promise<Row[]> {
  return listRows(api, listPath(operator ? 'operator-policies' : 'policies', vhost), query);
}

export interface PolicyOptions {
  readonly name: string;
  readonly vhost: string;
  readonly operator: boolean;
}

export interface NewPolicy extends PolicyOptions {
  readonly pattern: string;
  readonly definition: readonly string[];
  readonly applyTo: string;
  readonly priority: number;
}

export async function setPolicy(broker: Broker, options: NewPolicy): Promise<Done> {
  const { pattern, applyTo, priority } = options;
  const definition = argumentsOf(options.definition, 'the definition');
  if (Object.keys(definition).some((key) => key.startsWith('ha-'))) await needMirroring(broker);
  const body = { pattern, definition, 'apply-to': applyTo, priority };
  return putObject(broker.api, policyOf(options), body, { made: 'set', kept: 'set anew' });
}

export function deletePolicy({ api }: Broker, options: PolicyOptions): Promise<Done> {
  return deleteObject(api, policyOf(options));
}

/** 4.0 removed the mirroring of classic queues; its keys are refused there in words that say nothing of it. */
async function needMirroring({ probe }: Broker): Promise<void> {
  if (!(await probe.atLeast('4.0'))) return;
  throw WarrenError.of('NOT_IN_VERSION', {
    what: 'mirrored classic queues (the ha-* keys): 4.0 removed them, and quorum queues replace them',
    version: await probe.version(),
    next: 'warren ha set, or: warren queue declare NAME --type quorum',
  });
}

function policyOf({ name, vhost, operator }: PolicyOptions): BrokerObject {
  return {
    what: operator ? 'operator policy' : 'policy',
    name,
    vhost,
    path: `/${operator ? 'operator-policies' : 'policies'}/${segment(vhost)}/${segment(name)}`,
    list: `policy list --vhost ${shellWord(vhost)}${operator ? ' --operator' : ''}`,
  };
}
