/** Limits of a queue's length, which count ready messages only: what does not fit is refused, or the head makes room. */
import type { Message } from '../message.js';
import type { QueueHead } from './queue-head.js';
import { overflows, type QueueSettings } from './queue-settings.js';

export class Overflow {
  /** Room is made once more, though publishes are refused from now on. */
  #owed = false;

  constructor(private readonly head: QueueHead) {}

  /** Is there no room for a message that must not displace another? */
  refuses(message: Message): boolean {
    const settings = this.head.settings();
    if (settings.overflow === 'drop-head') return false;
    const { length, bytes } = this.head.ready;
    return overflows(settings, length + 1, bytes + message.body.length);
  }

  /** As RabbitMQ takes up the limits of a policy before it takes up what overflow means by it. */
  changed(before: QueueSettings): void {
    this.#owed = before.overflow === 'drop-head';
  }

  /** Has the head made room? */
  drop(): boolean {
    const { ready } = this.head;
    const settings = this.head.settings();
    if (settings.overflow !== 'drop-head' && !this.#owed) return false;
    const before = ready.length;
    while (overflows(settings, ready.length, ready.bytes)) {
      const entry = ready.shift();
      if (entry === undefined) {
        this.head.need();
        return ready.length < before;
      }
      this.head.bury(entry, 'maxlen');
    }
    this.#owed = false;
    return ready.length < before;
  }
}
