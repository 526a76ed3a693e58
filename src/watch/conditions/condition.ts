import type { Rule } from '../rules/rule.js';
import type { Snapshot } from '../snapshot.js';

/**
 * Whether a condition holds for a subject. `between` is the room that
 * hysteresis leaves: what holds goes on, what does not hold does not begin.
 * `unknown` changes nothing.
 */
export type Standing = 'over' | 'between' | 'under' | 'unknown';

export interface Measure {
  /** The node, queue, address or listener that it is about. */
  readonly subject: string;
  readonly standing: Standing;
  readonly value?: number | undefined;
  readonly problem: string;
  readonly next: string;
}

export interface Condition {
  /** What a rule of this condition says, for lists and documentation. */
  readonly title: string;
  readonly threshold?: Threshold | undefined;
  /** Nothing at all when this snapshot cannot tell; a subject that is left out is well. */
  measure(snapshot: Snapshot, rule: Rule): Measure[] | undefined;
}

export interface Threshold {
  /** The key of the file, which says on which side of it the condition holds. */
  readonly key: 'above' | 'below' | 'within';
  readonly unit: 'percent' | 'count' | 'duration';
  readonly default: number;
  readonly meaning: string;
}

/** Where a value stands, with room between the threshold and the level that ends it. */
export function standing(value: number | undefined, rule: Rule, key: Threshold['key']): Standing {
  if (value === undefined || rule.at === undefined) return 'unknown';
  const sign = key === 'above' ? 1 : -1;
  const beyond = (limit: number) => sign * value > sign * limit;
  if (beyond(rule.at)) return 'over';
  return beyond(rule.clear ?? rule.at) ? 'between' : 'under';
}

/** Where a yes, a no or nothing stands. */
export function holds(fact: boolean | undefined): Standing {
  if (fact === undefined) return 'unknown';
  return fact ? 'over' : 'under';
}
