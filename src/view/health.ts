import type { Paint } from './paint.js';

interface Health {
  readonly cluster: string;
  readonly status: 'ok' | 'warning' | 'critical';
  readonly findings: readonly {
    readonly severity: 'warning' | 'critical';
    readonly problem: string;
    readonly next: string;
  }[];
  readonly nodes: { readonly up: number; readonly all: number };
  readonly queues: number | null;
  readonly messages: number | null;
  readonly figures: readonly { readonly name: string; readonly value: number; readonly max?: number }[];
}

/** The state in one line, then a line for each finding with what to type next. */
export function healthText(health: Health, paint: Paint): string {
  const colour = { ok: paint.good, warning: paint.bad, critical: paint.bad }[health.status];
  return [`${colour(health.status.toUpperCase())}: ${summary(health)}`, ...lines(health)].join('\n');
}

/**
 * The same for a plugin of Nagios or Icinga: figures behind a bar, which nothing
 * else may have. https://nagios-plugins.org/doc/guidelines.html#PLUGOUTPUT
 */
export function nagiosText(health: Health): string {
  const bare = (text: string) => text.replaceAll('|', '¦');
  const figures = health.figures.map(({ name, value, max }) =>
    max === undefined ? `'${name}'=${value};;;0` : `'${name}'=${value};;;0;${max}`,
  );
  const first = `RABBITMQ ${health.status.toUpperCase()} - ${summary(health)}`;
  return [`${bare(first)} | ${figures.join(' ')}`, ...lines(health).map(bare)].join('\n');
}

function summary({ cluster, findings, nodes, queues, messages }: Health): string {
  const count = (severity: string) => findings.filter((one) => one.severity === severity).length;
  const [critical, warnings] = [count('critical'), count('warning')];
  const amiss = [
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  const state = [
    `${nodes.up} of ${nodes.all} ${nodes.all === 1 ? 'node' : 'nodes'} up`,
    ...(queues === null ? [] : [`${queues} ${queues === 1 ? 'queue' : 'queues'}, ${messages} messages`]),
  ];
  return `cluster ${cluster}: ${[...amiss, ...state].join(', ')}`;
}

function lines({ findings }: Health): string[] {
  return findings.map(({ severity, problem, next }) => `${severity}: ${problem}; next: ${next}`);
}
