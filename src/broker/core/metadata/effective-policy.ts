/**
 * The policy in force on a queue or exchange: of those whose pattern matches its name and that apply to its
 * kind, the one with the highest priority; an operator policy on top, chosen the same way. Where both set a key
 * that operators may cap, the smaller value wins; every other key of the operator policy replaces.
 */
import { Pattern } from '../pattern.js';
import type { PolicyRow } from './rows.js';

export interface PolicyRows {
  all(table: 'policies' | 'operatorPolicies'): Iterable<PolicyRow>;
}

export interface EffectivePolicy {
  readonly policy: PolicyRow | null;
  readonly operatorPolicy: PolicyRow | null;
  readonly definition: Readonly<Record<string, unknown>>;
}

const capped = new Set([
  'expires',
  'message-ttl',
  'max-length',
  'max-length-bytes',
  'max-in-memory-length',
  'max-in-memory-bytes',
  'delivery-limit',
]);

export function effectivePolicy(
  rows: PolicyRows,
  kind: 'queues' | 'exchanges',
  vhost: string,
  name: string,
): EffectivePolicy {
  const policy = strongest(rows.all('policies'), kind, vhost, name);
  const operatorPolicy = strongest(rows.all('operatorPolicies'), kind, vhost, name);
  return { policy, operatorPolicy, definition: merged(policy, operatorPolicy) };
}

/** Of two policies with the same priority the one whose name sorts first, so that every node picks the same. */
function strongest(
  policies: Iterable<PolicyRow>,
  kind: 'queues' | 'exchanges',
  vhost: string,
  name: string,
): PolicyRow | null {
  let best: PolicyRow | null = null;
  for (const policy of policies) {
    if (policy.vhost !== vhost || (policy.applyTo !== 'all' && policy.applyTo !== kind)) continue;
    if (best !== null && !stronger(policy, best)) continue;
    if (matches(policy, name)) best = policy;
  }
  return best;
}

const stronger = (a: PolicyRow, b: PolicyRow) =>
  a.priority > b.priority || (a.priority === b.priority && a.name < b.name);

const compiled = new WeakMap<PolicyRow, Pattern>();

function matches(policy: PolicyRow, name: string): boolean {
  let pattern = compiled.get(policy);
  if (pattern === undefined) {
    pattern = new Pattern(policy.pattern);
    compiled.set(policy, pattern);
  }
  return pattern.test(name);
}

function merged(policy: PolicyRow | null, operator: PolicyRow | null): Record<string, unknown> {
  const definition: Record<string, unknown> = { ...policy?.definition };
  for (const [key, value] of Object.entries(operator?.definition ?? {})) {
    const mine = definition[key];
    const smaller = capped.has(key) && typeof mine === 'number' && mine < (value as number);
    definition[key] = smaller ? mine : value;
  }
  return definition;
}
