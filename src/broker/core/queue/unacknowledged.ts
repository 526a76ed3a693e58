/** What was given to consumers and getters and is not settled yet, by position. */
import type { Consumer } from '../queue-port.js';
import type { Subscription } from './consumer-list.js';
import type { Entry } from './entry.js';

export class Unacknowledged {
  readonly #entries = new Map<number, Entry>();
  /** Of the bodies. */
  bytes = 0;

  get size(): number {
    return this.#entries.size;
  }

  add(entry: Entry, owner: Consumer, subscription: Subscription | null): void {
    entry.owner = owner;
    entry.subscription = subscription;
    if (subscription !== null) subscription.unacknowledged++;
    this.#entries.set(entry.position, entry);
    this.bytes += entry.message.body.length;
  }

  /** Undefined when there is none at this position, or another consumer has it. */
  take(owner: Consumer, position: number): Entry | undefined {
    const entry = this.#entries.get(position);
    if (entry === undefined || entry.owner !== owner) return undefined;
    this.#entries.delete(position);
    this.bytes -= entry.message.body.length;
    if (entry.subscription !== null) entry.subscription.unacknowledged--;
    return entry;
  }

  at(position: number): Entry | undefined {
    return this.#entries.get(position);
  }

  values(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  clear(): void {
    this.#entries.clear();
    this.bytes = 0;
  }
}
