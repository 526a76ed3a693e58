import type { Clock } from '../ports.js';
import type { DeathReason } from './dead-letter.js';
import type { Entry } from './entry.js';
import type { QueueSettings } from './queue-settings.js';
import type { ReadyMessages } from './ready-messages.js';

/** What those who take messages off the head of a queue before their turn need of it. */
export interface QueueHead {
  readonly clock: Clock;
  readonly ready: ReadyMessages;
  settings(): QueueSettings;
  bury(entry: Entry, reason: DeathReason): void;
  /** The head has to be in memory; all is done again then. */
  need(): void;
  /** The time of the head is over. */
  due(): void;
}
