import type { Message, QueueEntry } from '../message.js';
import type { Consumer } from '../queue-port.js';
import type { Subscription } from './consumer-list.js';

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

  /** As the store gave it back. */
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

  static loaded({ position, message, expiresAt, redelivered }: QueueEntry): Entry {
    const entry = new Entry(position, message, expiresAt);
    entry.redelivered = redelivered;
    entry.stored = true;
    return entry;
  }
}

/** What those have in common that one consumer was given and that are alike. */
export interface Lot {
  readonly bodyLength: number;
  readonly persistent: boolean;
  readonly priority: number;
  readonly owner: Consumer | null;
  readonly subscription: Subscription | null;
}

/** One that came back from a consumer's hands and is itself in the store alone. */
export class PagedEntry {
  readonly stored = true;
  readonly bodyLength: number;
  readonly persistent: boolean;
  readonly priority: number;
  readonly subscription: Subscription | null;

  constructor(
    readonly position: number,
    { bodyLength, persistent, priority, subscription }: Lot,
  ) {
    this.bodyLength = bodyLength;
    this.persistent = persistent;
    this.priority = priority;
    this.subscription = subscription;
  }
}
