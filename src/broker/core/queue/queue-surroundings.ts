import type { Message } from '../message.js';
import type { EffectivePolicy } from '../metadata/effective-policy.js';
import type { QueueRow } from '../metadata/rows.js';
import type { Clock, Replicator } from '../ports.js';
import type { DeathReason } from './dead-letter.js';
import type { LocalQueue } from './local-queue.js';
import type { Paging } from './paging.js';

/** What a queue needs of the vhost it stands in. */
export interface QueueSurroundings {
  readonly node: string;
  readonly clock: Clock;
  /** Shared by all queues of the node. */
  readonly paging: Paging;
  /** Routes a message that the queue gives up on to its dead letter exchange. */
  deadLetter(queue: LocalQueue, message: Message, reason: DeathReason): void;
  /** The queue asks to be deleted: unused too long, or its last consumer gone. */
  remove(queue: LocalQueue): void;
  /** It is deleted, or led by another node from now on: what it counted counts on for the node. */
  ended(queue: LocalQueue): void;
  policyOf(queue: LocalQueue): EffectivePolicy;
  /** For a queue that has its first mirror. */
  readonly replicator: (row: QueueRow) => Replicator;
}
