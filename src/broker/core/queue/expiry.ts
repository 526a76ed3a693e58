/**
 * Messages with a time to live. One expires when it stands at the head and its time is over: one timer waits for
 * the head, and the head is looked at before every delivery. A head that is paged out is brought back first.
 */
import type { Message } from '../message.js';
import type { Clock } from '../ports.js';
import type { Entry } from './entry.js';
import type { ReadyMessages } from './ready-messages.js';
import { Timer } from './timer.js';

export interface ExpiryOf {
  readonly clock: Clock;
  readonly ready: ReadyMessages;
  expired(entry: Entry): void;
  /** The head has to be in memory. */
  needHead(): void;
  /** The time of the head is over. */
  due(): void;
}

export class Expiry {
  /** False until a message with a time to live was seen: till then expiry costs nothing. */
  active = false;
  readonly #timer: Timer;

  constructor(private readonly queue: ExpiryOf) {
    this.#timer = new Timer(queue.clock, () => queue.due());
  }

  /** When a message that arrives now will expire in a queue whose messages live `ttl` milliseconds. */
  timeOf({ expiration }: Message, ttl: number): number {
    const lives = Math.min(expiration < 0 ? Number.POSITIVE_INFINITY : expiration, ttl);
    if (lives === Number.POSITIVE_INFINITY) return lives;
    this.active = true;
    return this.queue.clock.now() + lives;
  }

  drop(): void {
    if (!this.active) return;
    const { ready, clock } = this.queue;
    let head = ready.peek();
    while (head !== undefined && head.expiresAt !== Number.POSITIVE_INFINITY) {
      if (head.expiresAt > clock.now()) break;
      ready.shift();
      this.queue.expired(head);
      head = ready.peek();
    }
    if (head === undefined && ready.length > 0) this.queue.needHead();
    if (head === undefined || head.expiresAt === Number.POSITIVE_INFINITY) this.#timer.stop();
    else this.#timer.at(head.expiresAt);
  }

  stop(): void {
    this.#timer.stop();
  }
}
