import type { Message, QueueEntry } from '../message.js';
import type { Consumer } from '../queue-port.js';
import type { Subscription } from './consumer-list.js';
import type { Lot } from './paged-given.js';

/** One message in a queue that this node leads, with what the queue remembers about it. */
export class Entry implements QueueEntry {
  redelivered = false;
  /** How often it came back, where the queue counts that. */
  returns = 0;
  /** It is (or waits to be written) in the store. */
  stored = false;
  /** While unacknowledged: who has it; no subscription when it was got by basic.get. */
  owner: Consumer | null = null;
  subscription: Subscription | null = null;

  constructor(
    readonly position: number,
    readonly message: Message,
    readonly expiresAt: number,
  ) {}

  /** It comes back from whoever had it. */
  returned(): void {
    this.owner = null;
    this.subscription = null;
    this.redelivered = true;
  }

  get bodyLength(): number {
    return this.message.body.length;
  }

  get persistent(): boolean {
    return this.message.persistent;
  }

  get priority(): number {
    return this.message.priority;
  }

  /** As the store gave it back. */
  static loaded({ position, message, expiresAt, redelivered }: QueueEntry): Entry {
    const entry = new Entry(position, message, expiresAt);
    entry.redelivered = redelivered;
    entry.stored = true;
    return entry;
  }
}

/** One that came back from a consumer's hands and is itself in the store alone. */
export class PagedEntry {
  readonly stored = true;
  readonly persistent: boolean;
  readonly priority: number;
  readonly subscription: Subscription | null;

  constructor(
    readonly position: number,
    readonly bodyLength: number,
    { persistent, priority, subscription }: Lot,
  ) {
    this.persistent = persistent;
    this.priority = priority;
    this.subscription = subscription;
  }
}
