import { stringify } from 'yaml';
import { type ConditionName, conditionOf } from '../watch/conditions/index.js';
import type { Rule } from '../watch/rules/rule.js';

/**
 * The rules of a rules file as alerting rules of Prometheus, over the figures
 * that `warren metrics` prints. Whom to tell is Alertmanager's affair.
 * https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export function prometheusRules(rules: readonly Rule[]): string {
  const groups = [{ name: 'warren', rules: rules.map(alertingRule) }];
  return stringify({ groups }, { lineWidth: 0 });
}

function alertingRule(rule: Rule): Record<string, unknown> {
  const { threshold, title } = conditionOf(rule.when);
  const { expression, about } = expressions[rule.when];
  const measured = expression(selectorOf(rule, about));
  const expr = threshold ? compared(measured, rule, threshold.key) : measured;
  return {
    alert: rule.name,
    expr,
    ...(rule.forMs > 0 ? { for: seconds(rule.forMs) } : {}),
    ...(rule.clearForMs > 0 ? { keep_firing_for: seconds(rule.clearForMs) } : {}),
    labels: { severity: rule.severity },
    annotations: {
      summary: `${title}: ${subjects[about]} (cluster {{ $labels.cluster }})`,
      ...(threshold ? { value: '{{ $value }}' } : {}),
      next: about === 'queue' ? 'warren backlog' : 'warren health',
    },
  };
}

/** Between the two levels goes on what Prometheus itself has fire already. */
function compared(measured: string, rule: Rule, key: 'above' | 'below' | 'within'): string {
  const sign = key === 'above' ? '>' : '<';
  const level = (at: number) => `(${measured}) ${sign} ${key === 'within' ? at / 1000 : at}`;
  const begins = level(rule.at ?? 0);
  if (rule.clear === undefined || rule.clear === rule.at) return begins;
  const firing = `ALERTS{alertname="${rule.name}",alertstate="firing"}`;
  return `(${begins}) or ((${level(rule.clear)}) and ignoring(alertname, alertstate, severity) ${firing})`;
}

type About = 'cluster' | 'node' | 'queue' | 'address' | 'listener';

const subjects: Record<About, string> = {
  cluster: '{{ $labels.cluster }}',
  node: '{{ $labels.node }}',
  queue: '{{ $labels.queue }} in vhost {{ $labels.vhost }}',
  address: '{{ $labels.address }}',
  listener: '{{ $labels.listener }}',
};

interface Expression {
  readonly about: About;
  /** `of` puts the selector behind a figure's name. */
  readonly expression: (of: (metric: string) => string) => string;
}

const share = (used: string, limit: string): Expression => ({
  about: 'node',
  expression: (of) => `100 * ${of(`warren_node_${used}`)} / ${of(`warren_node_${limit}`)}`,
});
const plain = (about: About, expression: Expression['expression']): Expression => ({ about, expression });

const expressions: Record<ConditionName, Expression> = {
  node_down: plain('node', (of) => `${of('warren_node_up')} == 0`),
  no_answer: plain('cluster', () => '(warren_up == 0) or absent(warren_up)'),
  partition: plain('node', (of) => `${of('warren_node_partitions')} > 0`),
  alarm: plain(
    'node',
    (of) => `(${of('warren_node_memory_alarm')} == 1) or (${of('warren_node_disk_alarm')} == 1)`,
  ),
  memory: share('memory_used_bytes', 'memory_limit_bytes'),
  disk: share('disk_free_bytes', 'disk_limit_bytes'),
  file_descriptors: share('file_descriptors_used', 'file_descriptors_limit'),
  queue_depth: plain('queue', (of) => of('warren_queue_messages')),
  queue_growth: plain('queue', (of) => `60 * deriv(${of('warren_queue_messages')}[5m])`),
  no_consumers: plain(
    'queue',
    (of) => `${of('warren_queue_messages')} and ${of('warren_queue_consumers')} == 0`,
  ),
  unacknowledged: plain('queue', (of) => of('warren_queue_messages_unacknowledged')),
  queue_down: plain('queue', (of) => `${of('warren_queue_down')} == 1`),
  unsynchronised_mirrors: plain(
    'queue',
    (of) => `${of('warren_queue_members')} > ${of('warren_queue_members_whole')}`,
  ),
  quorum_at_risk: plain(
    'queue',
    (of) =>
      `${of('warren_queue_members_whole')} <= floor(${of('warren_queue_members')} / 2) + 1 and ${of('warren_queue_members')} > 1`,
  ),
  certificate_expires: plain('listener', () => 'warren_certificate_expires_seconds - time()'),
  cookie_mismatch: plain('cluster', () => 'warren_cookies > 1'),
  version_mismatch: plain('cluster', () => 'warren_versions > 1'),
  virtual_address: plain('address', () => 'warren_virtual_address_holders != 1'),
};

/** Prometheus' patterns are about the whole of a label, and a rule's about any part of a name. */
function selectorOf({ when, vhost, queue, node }: Rule, about: About): (metric: string) => string {
  const quoted = (text: string) => JSON.stringify(text);
  const part = (pattern: RegExp) => quoted(`.*(?:${pattern.source}).*`.replace(/^\.\*\(\?:\^/, '(?:'));
  const pairs = [
    ...(about === 'queue' && vhost !== undefined ? [`vhost=${quoted(vhost)}`] : []),
    ...(about === 'queue' && queue ? [`queue=~${part(queue)}`] : []),
    ...(about === 'node' && node ? [`node=~${part(node)}`] : []),
    ...(when === 'quorum_at_risk' ? ['type=~"quorum|stream"'] : []),
    ...(when === 'unsynchronised_mirrors' ? ['type="classic"'] : []),
  ];
  return (metric) => (pairs.length === 0 ? metric : `${metric}{${pairs.join()}}`);
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)}s`;
}
