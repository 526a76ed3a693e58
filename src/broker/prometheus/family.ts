/** A family: metrics that are read together, under the name by which /metrics/detailed asks for it. */
import type { Admin } from '../core/admin-port.js';
import type { MetricsFacts } from './prometheus.js';

export interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'untyped';
  help: string;
  /** It is shown of single objects only: a sum of it says nothing. */
  single?: true;
}

export type Labels = Readonly<Record<string, string>>;

/** One object's values, in the order of the family's metrics; undefined where it has none. */
export interface Measured {
  labels: Labels;
  values: readonly (number | undefined)[];
}

export interface Family {
  metrics: readonly Metric[];
  /** Labels are kept where objects are summed up, too. */
  labelled?: true;
  /** What stands before its names instead of the registry's own prefix. */
  prefix?: string;
  read(node: MeasuredNode): Iterable<Measured>;
}

export interface MeasuredNode {
  admin: Admin;
  facts: MetricsFacts;
  now: number;
  /** Of these virtual hosts only; null = of all. */
  vhosts: ReadonlySet<string> | null;
}

export const counter = (name: string, help: string): Metric => ({ name, type: 'counter', help });
export const gauge = (name: string, help: string): Metric => ({ name, type: 'gauge', help });
export const untyped = (name: string, help: string): Metric => ({ name, type: 'untyped', help });
export const single = (metric: Metric): Metric => ({ ...metric, single: true });

export const noLabels: Labels = {};
