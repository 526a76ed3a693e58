/** Waits until one message is safe in every queue that it went to. */
import type { Confirms } from '../../core/queue-port.js';
import { badRequest } from '../http/refusal.js';

export class Confirmation implements Confirms {
  #holds = 0;
  #refused = false;
  #settle: () => void = () => {};

  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    if (this.#holds === 0) this.#settle();
  }

  refuse(): void {
    this.#refused = true;
    this.#settle();
  }

  async done(): Promise<void> {
    if (this.#holds > 0 && !this.#refused) {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
      });
    }
    if (this.#refused) throw badRequest('publish_nacked');
  }
}
