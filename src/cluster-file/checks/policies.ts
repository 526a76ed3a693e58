import { nearest } from '../../errors/suggestion.js';
import type { WrittenFile } from '../schema.js';
import type { Path } from '../text.js';
import { atLeast } from '../version.js';
import type { Findings } from './findings.js';
import { Notebook } from './notebook.js';

type Policy = WrittenFile['policies'][number];

/** The keys of RabbitMQ's own validators, 3.8 to 4.x; plugins may bring more. */
const knownKeys = [
  ...['ha-mode', 'ha-params', 'ha-sync-mode', 'ha-sync-batch-size'],
  ...['ha-promote-on-failure', 'ha-promote-on-shutdown'],
  ...['message-ttl', 'expires', 'max-length', 'max-length-bytes', 'overflow', 'delivery-limit'],
  ...['dead-letter-exchange', 'dead-letter-routing-key', 'dead-letter-strategy', 'alternate-exchange'],
  ...['queue-mode', 'queue-version', 'queue-master-locator', 'queue-leader-locator'],
  ...['federation-upstream', 'federation-upstream-set', 'federation-upstream-pattern'],
  ...['max-in-memory-length', 'max-in-memory-bytes', 'consumer-timeout', 'target-group-size'],
  ...['max-age', 'stream-max-segment-size-bytes', 'stream-filter-size-bytes', 'initial-cluster-size'],
];

export function policyFindings(file: WrittenFile): Findings {
  const book = new Notebook();
  for (const section of ['policies', 'operator_policies'] as const) {
    book.refuseTwice(file[section], ({ name, vhost }, index) => ({
      path: [section, index],
      key: [name, vhost],
      what: `${section === 'policies' ? 'policy' : 'operator policy'} ${name} of vhost ${vhost}`,
    }));
    for (const [index, policy] of file[section].entries()) check(file, policy, [section, index], book);
  }
  for (const [index, policy] of file.policies.entries())
    hidesMirrors(file, policy, ['policies', index], book);
  return book;
}

function check({ rabbitmq }: WrittenFile, policy: Policy, at: Path, book: Notebook): void {
  const { pattern, definition, name } = policy;
  const keys = Object.keys(definition);
  if (keys.length === 0) {
    book.error([...at, 'definition'], `policy ${name} defines nothing`, 'write what it sets, or take it out');
  }
  for (const key of keys) {
    const near = knownKeys.includes(key) ? undefined : nearest(key, knownKeys);
    if (near) {
      const message = `RabbitMQ knows no policy setting '${key}'`;
      book.errorAtKey([...at, 'definition', key], message, `did you mean '${near}'?`);
    }
  }
  const problem = patternProblem(pattern);
  if (problem)
    book.error([...at, 'pattern'], `the pattern ${pattern} cannot be read: ${problem}`, 'correct it');
  const mirrors = keys.some((key) => key.startsWith('ha-'));
  if (mirrors && rabbitmq.version !== undefined && atLeast(rabbitmq.version, '4.0')) {
    book.error(
      [...at, 'definition'],
      `RabbitMQ ${rabbitmq.version} has no mirrored classic queues, and no ha-* settings: 4.0 removed them`,
      'write profile: quorum',
    );
  }
  if (mirrors && (pattern === '^' || pattern === '.*' || pattern === '')) {
    book.warn(
      [...at, 'pattern'],
      `the pattern '${pattern}' mirrors the queues of the broker itself (amq.*) as well`,
      "write '^(?!amq\\.)'",
    );
  }
}

/** Of all policies that match a queue one counts, so another without ha-* takes the mirrors away. */
function hidesMirrors({ profile }: WrittenFile, policy: Policy, at: Path, book: Notebook): void {
  const name = typeof profile === 'string' ? profile : profile?.name;
  const onQueues = ['all', 'queues', 'classic_queues'].includes(policy['apply-to']);
  if (name !== 'mirrored' || !onQueues || 'ha-mode' in policy.definition || policy.priority < 0) return;
  book.warn(
    at,
    `of all policies that match a queue one counts: queues that match '${policy.pattern}' may get policy ${policy.name} instead of their mirrors`,
    'put ha-mode and its companions into this policy too, or use an operator policy',
  );
}

/** RabbitMQ's patterns are PCRE: what JavaScript does not know either may still be right, if it begins with `(?`. */
function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    if (/\(\?|[*+?}]\+/.test(pattern)) return undefined;
    return (error as Error).message.replace(/^Invalid regular expression: .*: /, '').toLowerCase();
  }
}
