/** What every view is given: who asks, where it is, and how it speaks to the user. */

import type { AlertLog } from './alerts/log.js';
import type { Api } from './api.js';
import type { Who } from './api-types.js';
import type { Route } from './router.js';
import type { Setup } from './setup.js';

export interface Page {
  readonly api: Api;
  readonly who: Who;
  readonly setup: Setup;
  readonly route: Route;
  readonly vhosts: readonly string[];
  readonly alerts: AlertLog;
  /** Puts values into the query of the address; undefined takes one out. */
  narrow(query: Readonly<Record<string, string | undefined>>): void;
  /** A short word on what was done. */
  say(text: string, kind?: 'good' | 'bad'): void;
  /** Yes or no, before something is lost. */
  ask(question: string, answer: string): Promise<boolean>;
  /** Does it, says so, or says why not; true when it was done. */
  attempt(done: string, work: () => Promise<unknown>): Promise<boolean>;
}

const order = ['management', 'policymaker', 'monitoring', 'administrator'];

/** Tags include others: an administrator may what all may; monitoring and policymaking stand side by side. */
export function may(
  { who }: Pick<Page, 'who'>,
  tag: 'policymaker' | 'monitoring' | 'administrator',
): boolean {
  if (!order.includes(tag)) return false;
  return who.tags.includes(tag) || who.tags.includes('administrator');
}
