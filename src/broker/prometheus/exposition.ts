/** Prometheus' text format, version 0.0.4. */
import {
  type Family,
  type Labels,
  type Measured,
  type MeasuredNode,
  type Metric,
  noLabels,
} from './family.js';

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
    const together = summed && !family.labelled;
    const rows = together ? [{ labels: noLabels, values: sumsOf(family, node) }] : [...family.read(node)];
    for (const [index, metric] of family.metrics.entries()) {
      const name = `${family.prefix ?? prefix}${metric.name}`;
      if (said.has(name)) continue;
      said.add(name);
      lines.push(`# TYPE ${name} ${metric.type}`, `# HELP ${name} ${escapedHelp(metric.help)}`);
      if (together && metric.single) continue;
      for (const row of rows) lines.push(sample(name, row, index));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Added up while they are read: of thousands of objects none is kept. */
function sumsOf(family: Family, node: MeasuredNode): number[] {
  const sums = new Array<number>(family.metrics.length).fill(0);
  for (const { values } of family.read(node)) {
    for (let index = 0; index < sums.length; index++) sums[index]! += values[index] ?? 0;
  }
  return sums;
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
