import type { ConditionName } from '../conditions/index.js';

export type Severity = 'warning' | 'critical';

/** One thing to watch for, with all that the file left out filled in. Times are milliseconds. */
export interface Rule {
  readonly name: string;
  readonly when: ConditionName;
  readonly severity: Severity;
  /** Where the condition has a threshold: beyond `at` it holds, and it ends at `clear` only. */
  readonly at?: number | undefined;
  readonly clear?: number | undefined;
  readonly vhost?: string | undefined;
  readonly queue?: RegExp | undefined;
  readonly node?: RegExp | undefined;
  /** How long it has to hold before anybody is told, and to be over before that is told. */
  readonly forMs: number;
  readonly clearForMs: number;
  /** How often it is told again while it holds; never when left out. */
  readonly repeatMs?: number | undefined;
  /** Names of receivers; all when left out. */
  readonly notify?: readonly string[] | undefined;
}
