/** Limits of a queue's length, which count ready messages only: what does not fit is refused, or the head makes room. */
import type { Message } from '../message.js';
import type { QueueHead } from './queue-head.js';
import { overflows } from './queue-settings.js';

export class Overflow {
  constructor(private readonly head: QueueHead) {}

  /** Is there no room for a message that must not displace another? */
  refuses(message: Message): boolean {
    const settings = this.head.settings();
    if (settings.overflow === 'drop-head') return false;
    const { length, bytes } = this.head.ready;
    return overflows(settings, length + 1, bytes + message.body.length);
  }

  /** Has the head made room? */
  drop(): boolean {
    const { ready } = this.head;
    const settings = this.head.settings();
    if (settings.overflow !== 'drop-head') return false;
    const before = ready.length;
    while (overflows(settings, ready.length, ready.bytes)) {
      const entry = ready.shift();
      if (entry === undefined) {
        this.head.need();
        break;
      }
      this.head.bury(entry, 'maxlen');
    }
    return ready.length < before;
  }
}
