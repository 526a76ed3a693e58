import { evaluate } from '../watch/evaluate.js';
import { readRules } from '../watch/rules/read.js';
import type { Severity } from '../watch/rules/rule.js';
import type { Snapshot } from '../watch/snapshot.js';
import type { Surroundings } from './surroundings.js';
import { openSource, type WatchTarget } from './watch/source.js';

export interface HealthResult {
  readonly cluster: string;
  readonly status: 'ok' | Severity;
  readonly findings: readonly HealthFinding[];
  readonly nodes: { readonly up: number; readonly all: number };
  /** Nothing where no API tells them. */
  readonly queues: number | null;
  readonly messages: number | null;
  /** What was measured, for those who draw curves. */
  readonly figures: readonly Figure[];
}

interface HealthFinding {
  readonly severity: Severity;
  readonly rule: string;
  readonly subject: string;
  readonly problem: string;
  readonly next: string;
}

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly max?: number;
}

/** One look at the cluster by the rules, whose times do not count: what is amiss now is told now. */
export async function health(
  options: WatchTarget & { readonly rules?: string | undefined },
  surroundings: Surroundings,
): Promise<HealthResult> {
  const { rules } = await readRules(options.rules);
  const source = await openSource(options, surroundings);
  const snapshot = await source.look();
  const findings = evaluate(snapshot, rules)
    .observations.filter(({ standing }) => standing === 'over')
    .map(({ rule, subject, problem, next }): HealthFinding => {
      return { severity: rule.severity, rule: rule.name, subject, problem, next };
    })
    .sort((left, right) => left.severity.localeCompare(right.severity));
  const { cluster, nodes, queues } = snapshot;
  return {
    cluster,
    status: findings[0]?.severity ?? 'ok',
    findings,
    nodes: { up: nodes.filter(({ up }) => up).length, all: nodes.length },
    queues: queues?.length ?? null,
    messages: queues?.reduce((sum, { messages = 0 }) => sum + messages, 0) ?? null,
    figures: figuresOf(snapshot),
  };
}

function figuresOf({ nodes, queues = [], traffic }: Snapshot): Figure[] {
  const sum = (read: (queue: (typeof queues)[number]) => number | undefined) =>
    queues.reduce((total, queue) => total + (read(queue) ?? 0), 0);
  return [
    { name: 'nodes_up', value: nodes.filter(({ up }) => up).length, max: nodes.length },
    { name: 'queues', value: queues.length },
    { name: 'messages', value: sum(({ messages }) => messages) },
    { name: 'unacknowledged', value: sum(({ unacknowledged }) => unacknowledged) },
    ...(traffic
      ? [
          { name: 'connections', value: traffic.connections },
          { name: 'consumers', value: traffic.consumers },
        ]
      : []),
    ...nodes.flatMap(({ name, memory, disk, fileDescriptors }) => [
      ...(memory ? [{ name: `memory_${name}`, value: memory.value, max: memory.limit }] : []),
      ...(disk ? [{ name: `disk_free_${name}`, value: disk.value }] : []),
      ...(fileDescriptors
        ? [{ name: `fds_${name}`, value: fileDescriptors.value, max: fileDescriptors.limit }]
        : []),
    ]),
  ];
}
