/**
 * A consumer on this node of a queue led elsewhere. The leader delivers as far as it has credit. Credit is given
 * while the channel can take more; what arrives when it cannot waits here, in order, until it can.
 *
 * Where the queue itself limits what is outstanding (prefetch), or nothing is (automatic ack), the window is wide
 * from the start. Otherwise only the channel knows its limit, so the window opens step by step and shuts when the
 * channel is full, lest messages wait here that another consumer could have.
 */
import type { Message } from '../../core/message.js';
import type { Consumer, Queue } from '../../core/queue-port.js';

const widest = 256;

interface Waiting {
  position: number;
  message: Message;
  redelivered: boolean;
}

export class RemoteConsumer {
  /** Its subscription is on its way to the leader, or there. */
  subscribed = false;
  /** The subscription that is being asked for. */
  subscribing: Promise<void> | null = null;
  #waiting: Waiting[] = [];
  #window: number;
  /** Given and not used. */
  #credit = 0;

  constructor(
    readonly consumer: Consumer,
    readonly number: number,
  ) {
    this.#window = this.#narrow ? 1 : widest;
  }

  get #narrow(): boolean {
    return !this.consumer.noAck && this.consumer.prefetch === 0;
  }

  /** A new subscription: what waited belongs to the old leader, which is gone. Answers the credit to begin with. */
  begin(): number {
    this.#waiting = [];
    this.#credit = this.#window;
    return this.#credit;
  }

  take(queue: Queue, position: number, message: Message, redelivered: boolean): void {
    this.#credit--;
    if (this.#waiting.length === 0 && this.consumer.ready) {
      this.consumer.deliver(queue, position, message, redelivered);
    } else this.#waiting.push({ position, message, redelivered });
  }

  /** Hands over what waits as far as the channel takes it; answers how much credit to give. */
  flow(queue: Queue): number {
    let handed = 0;
    while (handed < this.#waiting.length && this.consumer.ready) {
      const { position, message, redelivered } = this.#waiting[handed++] as Waiting;
      this.consumer.deliver(queue, position, message, redelivered);
    }
    if (handed > 0) this.#waiting = this.#waiting.slice(handed);
    if (!this.consumer.ready) {
      if (this.#narrow) this.#window = 1;
      return 0;
    }
    if (this.#credit > this.#window / 2) return 0;
    this.#window = Math.min(widest, this.#window * 2);
    const more = this.#window - this.#credit;
    this.#credit += more;
    return more;
  }

  /** What came and was not handed over. */
  end(): Waiting[] {
    return this.#waiting.splice(0);
  }
}
