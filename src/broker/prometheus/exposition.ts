/** Prometheus' text format, version 0.0.4. */
import type { Family, Labels, Measured, MeasuredNode, Metric } from './family.js';

export interface Shown {
  families: readonly Family[];
  /** Before the names of families that have no prefix of their own. */
  prefix: string;
  /** Sums over all objects, where a family does not keep them apart. */
  summed: boolean;
}

export function exposition({ families, prefix, summed }: Shown, node: MeasuredNode): string {
  const lines: string[] = [];
  const said = new Set<string>();
  for (const family of families) {
    const rows = [...family.read(node)];
    const together = summed && !family.labelled;
    for (const [index, metric] of family.metrics.entries()) {
      const name = `${family.prefix ?? prefix}${metric.name}`;
      if (said.has(name)) continue;
      said.add(name);
      lines.push(`# TYPE ${name} ${metric.type}`, `# HELP ${name} ${escapedHelp(metric.help)}`);
      if (!together) for (const row of rows) lines.push(sample(name, row, index));
      else if (!metric.single) lines.push(`${name} ${written(sumOf(rows, index))}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function sumOf(rows: readonly Measured[], index: number): number {
  return rows.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
}

const sample = (name: string, { labels, values }: Measured, index: number) =>
  `${name}${inBraces(labels)} ${written(values[index] ?? Number.NaN)}`;

const written = (value: number) =>
  Number.isNaN(value) ? 'NaN' : value === Number.POSITIVE_INFINITY ? '+Inf' : String(value);

function inBraces(labels: Labels): string {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return '';
  return `{${pairs.map(([name, value]) => `${name}="${escaped(value)}"`).join(',')}}`;
}

const escaped = (value: string) =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const escapedHelp = (text: Metric['help']) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
