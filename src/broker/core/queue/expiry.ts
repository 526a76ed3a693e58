/**
 * Messages with a time to live. One expires when it stands at the head and its time is over. The head is looked at when
 * one before it has left or come back, and a timer waits for its time; a delivery that comes before the timer does looks
 * at the clock. As in RabbitMQ, a message that becomes the head because it overtakes others by its priority
 * is not looked at for that: it may be delivered though its time is over. A head that is paged out is brought back
 * first.
 */
import type { Message } from '../message.js';
import type { QueueHead } from './queue-head.js';
import { Timer } from './timer.js';

export class Expiry {
  /** False until a message with a time to live was seen: till then expiry costs nothing. */
  active = false;
  readonly #timer: Timer;

  constructor(private readonly head: QueueHead) {
    this.#timer = new Timer(head.clock, () => head.due());
  }

  /** When a message that arrives now will expire. */
  timeOf({ expiration }: Message): number {
    const own = expiration < 0 ? Number.POSITIVE_INFINITY : expiration;
    const lives = Math.min(own, this.head.settings().messageTtl);
    if (lives === Number.POSITIVE_INFINITY) return lives;
    this.active = true;
    return this.head.clock.now() + lives;
  }

  /**
   * A time to live of 0 by policy or argument, and nowhere to send what expires: what no consumer takes at once is
   * dropped, even behind others that came before there was such a policy.
   */
  get keepsNothing(): boolean {
    const { messageTtl, deadLetterExchange } = this.head.settings();
    return messageTtl === 0 && deadLetterExchange === null;
  }

  /** Is the time over that is waited for? */
  lapse(): void {
    if (this.active && this.head.clock.now() >= this.#timer.due) this.drop();
  }

  /** The head may be another than before. */
  drop(): void {
    if (!this.active) return;
    const { ready, clock } = this.head;
    let head = ready.peek();
    while (head !== undefined && head.expiresAt !== Number.POSITIVE_INFINITY) {
      if (head.expiresAt > clock.now()) break;
      ready.shift();
      this.head.bury(head, 'expired');
      head = ready.peek();
    }
    if (head === undefined && ready.length > 0) this.head.need();
    if (head === undefined || head.expiresAt === Number.POSITIVE_INFINITY) this.#timer.stop();
    else this.#timer.at(head.expiresAt);
  }

  stop(): void {
    this.#timer.stop();
  }
}
