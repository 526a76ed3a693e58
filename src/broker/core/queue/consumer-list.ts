/**
 * The consumers of a queue, and whose turn it is. Consumers of one priority stand in a ring; the one at its head
 * gets the next message and goes to the tail. One that cannot take a message (prefetch reached, channel not
 * ready) leaves the ring when its turn comes and re-enters at the tail when it can again, as RabbitMQ does; lower
 * priorities are asked only when no one above can take. With a single active consumer only that one is asked.
 */
import type { Consumer } from '../queue-port.js';

export class Subscription {
  /** Delivered to it and not settled. */
  unacknowledged = 0;
  /** Out of the ring until it can take again. */
  blocked = false;
  /** Neighbours in the ring; itself when alone. */
  next: Subscription = this;
  previous: Subscription = this;
  readonly #limit: number;

  constructor(
    readonly consumer: Consumer,
    readonly ring: Ring,
  ) {
    const unlimited = consumer.noAck || consumer.prefetch === 0;
    this.#limit = unlimited ? Number.POSITIVE_INFINITY : consumer.prefetch;
  }

  get able(): boolean {
    return this.unacknowledged < this.#limit && this.consumer.ready;
  }
}

interface Ring {
  readonly priority: number;
  head: Subscription | null;
}

export class ConsumerList {
  readonly #subscriptions = new Map<Consumer, Subscription>();
  /** Highest priority first. */
  readonly #rings: Ring[] = [];
  #active: Subscription | null = null;

  constructor(readonly singleActive: boolean) {}

  get size(): number {
    return this.#subscriptions.size;
  }

  get(consumer: Consumer): Subscription | undefined {
    return this.#subscriptions.get(consumer);
  }

  /** In the order in which they came. */
  all(): IterableIterator<Subscription> {
    return this.#subscriptions.values();
  }

  /** Does it get messages, or wait until the single active one is gone? */
  isActive(subscription: Subscription): boolean {
    return !this.singleActive || subscription === this.#active;
  }

  /** An exclusive consumer is alone, and there is none beside a single active one. */
  excludes(consumer: Consumer): boolean {
    if (consumer.exclusive && (this.singleActive || this.size > 0)) return true;
    for (const each of this.#subscriptions.keys()) if (each.exclusive) return true;
    return false;
  }

  add(consumer: Consumer): Subscription {
    const subscription = new Subscription(consumer, this.#ring(consumer.priority));
    this.#subscriptions.set(consumer, subscription);
    enter(subscription);
    if (this.singleActive && this.#active === null) this.#active = subscription;
    return subscription;
  }

  remove(consumer: Consumer): Subscription | undefined {
    const subscription = this.#subscriptions.get(consumer);
    if (subscription === undefined) return undefined;
    this.#subscriptions.delete(consumer);
    if (!subscription.blocked) leave(subscription);
    if (this.#active === subscription) this.#active = this.#successor();
    return subscription;
  }

  clear(): void {
    this.#subscriptions.clear();
    this.#rings.length = 0;
    this.#active = null;
  }

  /** Who gets the next message; null when no one can take it. */
  next(): Subscription | null {
    if (this.singleActive) return this.#active?.able ? this.#active : null;
    for (const ring of this.#rings) {
      while (ring.head !== null) {
        const subscription: Subscription = ring.head;
        if (subscription.able) {
          ring.head = subscription.next;
          return subscription;
        }
        leave(subscription);
        subscription.blocked = true;
      }
    }
    return null;
  }

  /** True when it can take messages and could not before. */
  unblock(subscription: Subscription): boolean {
    if (this.singleActive) return subscription === this.#active && subscription.able;
    if (!subscription.blocked || !subscription.able || !this.#subscriptions.has(subscription.consumer))
      return false;
    subscription.blocked = false;
    enter(subscription);
    return true;
  }

  #ring(priority: number): Ring {
    const at = this.#rings.findIndex((ring) => ring.priority <= priority);
    const found = at === -1 ? undefined : this.#rings[at];
    if (found?.priority === priority) return found;
    const ring: Ring = { priority, head: null };
    this.#rings.splice(at === -1 ? this.#rings.length : at, 0, ring);
    return ring;
  }

  /** The highest priority, then the one that came first. */
  #successor(): Subscription | null {
    let best: Subscription | null = null;
    for (const each of this.#subscriptions.values()) {
      if (best === null || each.consumer.priority > best.consumer.priority) best = each;
    }
    return best;
  }
}

function enter(subscription: Subscription): void {
  const head = subscription.ring.head;
  if (head === null) {
    subscription.next = subscription;
    subscription.previous = subscription;
    subscription.ring.head = subscription;
    return;
  }
  subscription.next = head;
  subscription.previous = head.previous;
  head.previous.next = subscription;
  head.previous = subscription;
}

function leave(subscription: Subscription): void {
  const { ring, next, previous } = subscription;
  if (next === subscription) ring.head = null;
  else if (ring.head === subscription) ring.head = next;
  previous.next = next;
  next.previous = previous;
}
