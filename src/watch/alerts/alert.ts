import type { Severity } from '../rules/rule.js';

/** One rule about one subject, as it stands. It is kept in a file, so it is plain data. Times are milliseconds. */
export interface Alert {
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  /**
   * pending: it holds, and not yet for long enough; firing: it does; clearing: it
   * has ceased to, not yet for long enough; quiet: it is over, and remembered
   * for a while because what begins again and again is flapping.
   */
  readonly state: 'pending' | 'firing' | 'clearing' | 'quiet';
  /** Since when it is in this state; a firing one, since it began to hold. */
  readonly since: number;
  /** Where it is clearing: since when it had held. */
  readonly began?: number | undefined;
  /** When it was last told to anybody; nothing while nobody knows of it. */
  readonly toldAt?: number | undefined;
  /** When it began to fire, the last few times. */
  readonly begun: readonly number[];
  readonly flapping: boolean;
  readonly problem: string;
  readonly next: string;
  readonly value?: number | undefined;
}

/** What has to be told. */
export interface AlertEvent {
  readonly kind: 'fired' | 'repeated' | 'resolved' | 'flapping';
  readonly at: number;
  readonly alert: Alert;
  /** Names of receivers; all when left out. */
  readonly notify?: readonly string[] | undefined;
}
