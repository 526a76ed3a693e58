/**
 * A memory or disk alarm as one connection feels it (https://www.rabbitmq.com/connection-blocked.html): until it
 * publishes, not at all; with its first publish it is told, once, and not read until the alarm is over.
 */
import type { Connection } from './connection.js';
import type { Reading } from './reading.js';

export class Blocking {
  #reason: string | null = null;
  #blocked = false;

  constructor(
    private readonly connection: Connection,
    private readonly reading: Reading,
  ) {}

  get alarm(): boolean {
    return this.#reason !== null;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  changed(reason: string | null): void {
    this.#reason = reason;
    if (reason !== null || !this.#blocked) return;
    this.#blocked = false;
    if (this.connection.capabilities.has('connection.blocked')) this.connection.send('connection.unblocked');
    this.reading.resume();
  }

  /** The client publishes while an alarm is in force. */
  publishing(): void {
    if (this.#blocked) return;
    this.#blocked = true;
    this.reading.pause();
    if (!this.connection.capabilities.has('connection.blocked')) return;
    this.connection.send('connection.blocked', { reason: this.#reason! });
  }
}
