/**
 * A memory or disk alarm as one connection feels it (https://www.rabbitmq.com/connection-blocked.html): until it
 * publishes, not at all; with its first publish it is told, once, and not read until the alarm is over. The
 * store's need to catch up is felt in the same way, without a word.
 */
import type { Flow } from '../core/flow.js';
import type { Connection } from './connection.js';
import type { Reading } from './reading.js';

export class Blocking {
  #reason: string | null = null;
  #blocked = false;
  #slowed = false;

  constructor(
    private readonly connection: Connection,
    private readonly reading: Reading,
  ) {}

  get alarm(): boolean {
    return this.#reason !== null;
  }

  /** Of a connection that runs. */
  get shownState(): string {
    if (this.#blocked) return 'blocked';
    if (this.alarm) return 'blocking';
    return this.#slowed ? 'flow' : 'running';
  }

  changed(reason: string | null): void {
    this.#reason = reason;
    if (reason !== null || !this.#blocked) return;
    this.#blocked = false;
    if (this.connection.capabilities.has('connection.blocked')) this.connection.send('connection.unblocked');
    this.reading.resume();
  }

  /** The client publishes while an alarm is in force, or the store has to catch up. */
  publishing(): void {
    const { flow } = this.connection.context.broker;
    if (flow.stopped) this.#slowDown(flow);
    if (this.#blocked || !this.alarm) return;
    this.#blocked = true;
    this.reading.pause();
    if (!this.connection.capabilities.has('connection.blocked')) return;
    this.connection.send('connection.blocked', { reason: this.#reason! });
  }

  /** Not read until it has; the client is not told. */
  #slowDown(flow: Flow): void {
    if (this.#slowed) return;
    this.#slowed = true;
    this.reading.pause();
    flow.whenFree(() => {
      this.#slowed = false;
      this.reading.resume();
    });
  }
}
