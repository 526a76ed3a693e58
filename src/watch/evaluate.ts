import type { Standing } from './conditions/condition.js';
import { conditionOf } from './conditions/index.js';
import type { Rule } from './rules/rule.js';
import type { Snapshot } from './snapshot.js';

/** What one rule says of one subject at one moment. */
export interface Observation {
  readonly rule: Rule;
  readonly subject: string;
  readonly standing: Standing;
  readonly value?: number | undefined;
  readonly problem: string;
  readonly next: string;
}

/** All that the rules say of a snapshot. */
export interface Evaluation {
  readonly observations: readonly Observation[];
  /** Rules that this snapshot cannot tell anything of, by name: their alerts stay as they are. */
  readonly unknown: ReadonlySet<string>;
}

export function evaluate(snapshot: Snapshot, rules: readonly Rule[]): Evaluation {
  const observations: Observation[] = [];
  const unknown = new Set<string>();
  for (const rule of rules) {
    const measures = conditionOf(rule.when).measure(snapshot, rule);
    if (measures === undefined) unknown.add(rule.name);
    else observations.push(...measures.map((measure) => ({ rule, ...measure })));
  }
  return { observations, unknown };
}
