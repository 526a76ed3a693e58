import { hostname } from 'node:os';
import { type Metric, metricsOf } from '../watch/metrics.js';
import { inDocument, prometheusText, zabbixLine } from '../watch/metrics-text.js';
import type { Surroundings } from './surroundings.js';
import { openSource, type WatchTarget } from './watch/source.js';

export interface MetricsOptions extends WatchTarget {
  /** The host's name in Zabbix; this machine's when left out. */
  readonly host?: string | undefined;
}

export interface MetricsResult {
  readonly cluster: string;
  readonly metrics: readonly Metric[];
  readonly prometheus: string;
  readonly document: ReturnType<typeof inDocument>;
  readonly zabbix: string;
}

/** One look, as figures in the forms that others read. */
export async function metrics(options: MetricsOptions, surroundings: Surroundings): Promise<MetricsResult> {
  const source = await openSource(options, surroundings);
  const snapshot = await source.look();
  const found = metricsOf(snapshot);
  const document = inDocument(snapshot, found);
  return {
    cluster: snapshot.cluster,
    metrics: found,
    prometheus: prometheusText(snapshot, found),
    document,
    zabbix: zabbixLine(options.host ?? hostname(), document),
  };
}
