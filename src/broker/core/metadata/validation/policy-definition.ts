/**
 * What a policy or operator policy may say: its keys, their values, its pattern and its range. The texts are the
 * ones that follow "Validation failed" in RabbitMQ's refusals.
 */
import { fromPcre } from '../../pcre.js';
import type { PolicyRow } from '../rows.js';

type Check = (value: unknown, all: Readonly<Record<string, unknown>>) => string | null;

const text =
  (what: string): Check =>
  (value) =>
    typeof value === 'string' ? null : `${term(value)} is not a valid ${what}`;

const number =
  (what: string, least: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least ? null : `${term(value)} is not a valid ${what}`;

const choice =
  (what: string, choices: readonly string[]): Check =>
  (value) =>
    choices.includes(value as string) ? null : `${term(value)} is not a valid ${what}`;

const haMode: Check = (value, all) => {
  const params = all['ha-params'];
  const given = params === undefined ? 'none given' : `${term(params)} given`;
  if (value === 'all') return params === undefined ? null : 'ha-mode="all" does not take parameters';
  if (value === 'exactly') {
    const good = Number.isInteger(params) && (params as number) > 0;
    return good ? null : `ha-mode="exactly" takes an integer, ${given}`;
  }
  if (value !== 'nodes') return `${term(value)} is not a valid ha-mode value`;
  if (!Array.isArray(params)) return `ha-mode="nodes" takes a list, ${given}`;
  if (params.length === 0) return 'ha-mode="nodes" list must be non-empty';
  const wrong = params.filter((each) => typeof each !== 'string');
  return wrong.length === 0
    ? null
    : `ha-mode="nodes" takes a list of strings, ${term(wrong)} was not a string`;
};

/** ha- keys other than ha-mode need it. */
const withHaMode =
  (check: Check): Check =>
  (value, all) =>
    'ha-mode' in all
      ? check(value, all)
      : 'ha-mode must be specified to specify ha-params, ha-sync-mode or ha-promote-on-shutdown';

const keysOfPolicies: Record<string, Check> = {
  'alternate-exchange': text('alternate exchange name'),
  'dead-letter-exchange': text('dead letter exchange name'),
  'dead-letter-routing-key': text('dead letter routing key'),
  'message-ttl': number('message TTL', 0),
  expires: number('queue expiry', 1),
  'max-length': number('maximum length', 0),
  'max-length-bytes': number('maximum length in bytes', 0),
  'max-in-memory-length': number('maximum memory in bytes', 0),
  'max-in-memory-bytes': number('maximum memory in bytes', 0),
  'queue-mode': choice('queue-mode value', ['default', 'lazy']),
  'queue-version': (value) =>
    value === 1 || value === 2 ? null : `${term(value)} is not a valid queue-version value`,
  overflow: choice('overflow value', ['drop-head', 'reject-publish', 'reject-publish-dlx']),
  'delivery-limit': number('delivery limit', 0),
  'max-age': (value) =>
    /^\d+[YMDhms]$/.test(String(value)) ? null : `${term(value)} is not a valid max age`,
  'queue-leader-locator': choice('queue leader locator value', [
    'client-local',
    'random',
    'least-leaders',
    'balanced',
  ]),
  'initial-cluster-size': number('cluster size', 0),
  'stream-max-segment-size-bytes': number('segment size', 0),
  'queue-master-locator': (value) =>
    ['min-masters', 'client-local', 'random'].includes(String(value))
      ? null
      : `${term(value)} invalid queue-master-locator value`,
  'dead-letter-strategy': choice('dead letter strategy', ['at-most-once', 'at-least-once']),
  'ha-mode': haMode,
  'ha-params': withHaMode(() => null),
  'ha-sync-mode': withHaMode((value) =>
    value === 'automatic' || value === 'manual'
      ? null
      : `ha-sync-mode must be "manual" or "automatic", got ${term(value)}`,
  ),
  'ha-sync-batch-size': withHaMode((value) =>
    Number.isInteger(value) && (value as number) > 0
      ? null
      : `ha-sync-batch-size takes an integer greater than 0, ${term(value)} given`,
  ),
  'ha-promote-on-shutdown': withHaMode(promotion('ha-promote-on-shutdown')),
  'ha-promote-on-failure': withHaMode(promotion('ha-promote-on-failure')),
};

const keysOfOperatorPolicies = new Set([
  'expires',
  'message-ttl',
  'max-length',
  'max-length-bytes',
  'max-in-memory-length',
  'max-in-memory-bytes',
  'delivery-limit',
]);

/** Null, or what is wrong with it. */
export function policyProblem(policy: Omit<PolicyRow, 'vhost'>, operator: boolean): string | null {
  if (!Number.isInteger(policy.priority))
    return `priority should be a number, actually was ${term(policy.priority)}`;
  if (!['all', 'queues', 'exchanges'].includes(policy.applyTo)) {
    return `apply-to '${policy.applyTo}' unrecognised; should be 'queues', 'exchanges' or 'all'`;
  }
  const pattern = patternProblem(policy.pattern);
  if (pattern !== null) return pattern;
  const entries = Object.entries(policy.definition).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return 'no policy provided';
  const unknown = entries.filter(
    ([key]) => !(operator ? keysOfOperatorPolicies.has(key) : key in keysOfPolicies),
  );
  if (unknown.length > 0) {
    return `[${unknown.map(([key, value]) => `{${term(key)},${term(value)}}`).join(',')}] are not recognised policy settings`;
  }
  for (const [key, value] of entries) {
    const problem = keysOfPolicies[key]?.(value, policy.definition) ?? null;
    if (problem !== null) return problem;
  }
  return null;
}

function patternProblem(pattern: unknown): string | null {
  if (typeof pattern !== 'string') return `pattern should be a binary but was ${term(pattern)}`;
  try {
    fromPcre(pattern);
    return null;
  } catch (error) {
    return `pattern should be regular expression but is invalid: ${patternError(pattern, error as Error)}`;
  }
}

function promotion(key: string): Check {
  return (value) =>
    value === 'always' || value === 'when-synced'
      ? null
      : `${key} must be "always" or "when-synced", got ${term(value)}`;
}

/** As PCRE words the common mistake; others in this engine's words. */
export function patternError(pattern: string, { message }: Error): string {
  return /Unterminated group/.test(message) ? `{"missing )",${pattern.length}}` : `{"${message}",0}`;
}

/** A JSON value as Erlang prints it. */
export function term(value: unknown): string {
  if (typeof value === 'string') return `<<"${value}">>`;
  if (Array.isArray(value)) return `[${value.map(term).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, each]) => `${term(key)} => ${term(each)}`);
    return `#{${pairs.join(',')}}`;
  }
  return String(value);
}
