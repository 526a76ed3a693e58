import type { Paint } from './paint.js';

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'note';
  readonly rule: string;
  readonly problem: string;
  readonly why: string;
  readonly instead: string;
}

/** Each finding on a line that editors can jump to, why and what instead below it; the count last. */
export function findingsText(
  findings: readonly Finding[],
  counts: Readonly<Record<Finding['severity'], number>>,
  paint: Paint,
): string {
  const colours = { error: paint.bad, warning: paint.bad, note: paint.quiet };
  const parts = findings.map(({ file, line, severity, rule, problem, why, instead }) =>
    [
      `${file}:${line}: ${colours[severity](severity)}: ${problem} ${paint.quiet(`(${rule})`)}`,
      `    why: ${why}`,
      `  write: ${instead}`,
    ].join('\n'),
  );
  const count = (['error', 'warning', 'note'] as const).map((one) => plural(counts[one], one)).join(', ');
  return [...parts, findings.length === 0 ? 'Nothing found.' : count].join('\n');
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
