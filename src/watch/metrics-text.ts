import type { Metric } from './metrics.js';
import type { Snapshot } from './snapshot.js';

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format; every figure is a gauge. */
export function prometheusText({ cluster, blind }: Snapshot, metrics: readonly Metric[]): string {
  const escaped = (text: string) =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const lines = metrics.flatMap(({ name, help, values }) => [
    `# HELP ${name} ${help}.`,
    `# TYPE ${name} gauge`,
    ...values.map(({ labels, value }) => {
      const pairs = Object.entries({ cluster, ...labels }).map(([key, text]) => `${key}="${escaped(text)}"`);
      return `${name}{${pairs.join()}} ${value}`;
    }),
  ]);
  // Readers of the format pass over comments; people do not.
  const why = blind === undefined ? [] : [`# It cannot be told: ${blind.replaceAll('\n', ' ')}`];
  return `${[...lines, ...why].join('\n')}\n`;
}

type Row = Readonly<Record<string, string | number>>;

/** The same figures in one document, a row a node and a queue: what the template for Zabbix takes apart. */
export interface MetricsDocument {
  readonly cluster: string;
  readonly at: number;
  readonly figures: Row;
  readonly nodes: readonly Row[];
  readonly queues: readonly Row[];
  readonly addresses: readonly Row[];
  readonly certificates: readonly Row[];
}

export function inDocument({ cluster, at }: Snapshot, metrics: readonly Metric[]): MetricsDocument {
  const rows = (prefix: string, key: string): Row[] => {
    const found = new Map<string, Record<string, string | number>>();
    for (const { name, values } of metrics.filter((metric) => metric.name.startsWith(prefix))) {
      for (const { labels, value } of values.filter((one) => one.labels[key] !== undefined)) {
        const id = JSON.stringify(labels);
        const row = found.get(id) ?? { ...labels };
        found.set(id, { ...row, [name.slice(prefix.length)]: value });
      }
    }
    return [...found.values()];
  };
  const single = metrics.filter(({ values }) => Object.keys(values[0]!.labels).length === 0);
  return {
    cluster,
    at,
    figures: Object.fromEntries(
      single.map(({ name, values }) => [name.replace('warren_', ''), values[0]!.value]),
    ),
    nodes: rows('warren_node_', 'node'),
    queues: rows('warren_queue_', 'queue'),
    addresses: rows('warren_virtual_address_', 'address'),
    certificates: rows('warren_certificate_', 'listener'),
  };
}

/** A line for zabbix_sender -i: host, key and value, the value in quotes with what is special in it escaped. */
export function zabbixLine(host: string, document: MetricsDocument): string {
  const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return `${quoted(host)} warren.metrics ${quoted(JSON.stringify(document))}\n`;
}
