import type { Message } from '../message.js';
import type { Confirms } from '../queue-port.js';

/** What is published to a queue whose store is still being read: it comes after what the store has. */
export class EarlyPublishes {
  readonly #waiting: [Message, Confirms | null, number][] = [];

  /** Not confirmed before the queue has it. */
  hold(message: Message, confirms: Confirms | null, sequence: number): void {
    confirms?.hold(sequence);
    this.#waiting.push([message, confirms, sequence]);
  }

  handTo(publish: (message: Message, confirms: Confirms | null, sequence: number) => void): void {
    for (const [message, confirms, sequence] of this.#waiting) {
      publish(message, confirms, sequence);
      confirms?.release(sequence);
    }
  }
}
