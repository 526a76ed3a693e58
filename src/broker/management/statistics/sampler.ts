/**
 * Reads this node's counters now and then, so that whoever asks gets rates. While somebody asks it reads once a
 * second; for half a minute after the last question, or while clients are connected, every five seconds, so
 * that a first question has something to compare with. A node that nobody uses is not read at all.
 */
import type { Admin } from '../../core/admin-port.js';
import type { Clock } from '../../core/ports.js';
import { exchangeRow, queueRow, vhostRow } from './message-stats.js';
import { Rates } from './rates.js';

const often = 1_000;
const seldom = 5_000;
const attention = 30_000;

export class Sampler {
  readonly rates = new Rates();
  readonly #measures = new Rates();
  readonly #admin: Admin;
  readonly #clock: Clock;
  #asked = Number.NEGATIVE_INFINITY;
  #read = Number.NEGATIVE_INFINITY;
  #cancel: () => void = () => {};
  #closed = false;

  constructor(admin: Admin, clock: Clock) {
    this.#admin = admin;
    this.#clock = clock;
    this.#schedule(seldom);
  }

  /** Somebody asks now; answers the time that this question's rates are made at. */
  touch(): number {
    const now = this.#clock.now();
    const idle = now - this.#asked > attention;
    this.#asked = now;
    if (now - this.#read >= often) this.#sample(now);
    if (idle) this.#schedule(often);
    return now;
  }

  /** Rates of a row that only its asker can read; each question is a reading. */
  measure(key: string, now: number, row: number[]): number[] {
    const rates = this.#measures.of(key, now, row);
    this.#measures.record(now, [[key, row]]);
    return rates;
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #schedule(ms: number): void {
    this.#cancel();
    if (this.#closed) return;
    this.#cancel = this.#clock.after(ms, () => this.#tick());
  }

  #tick(): void {
    const now = this.#clock.now();
    const watched = now - this.#asked < attention;
    if (watched || this.#admin.connections.size > 0) this.#sample(now);
    this.#schedule(watched ? often : seldom);
  }

  #sample(now: number): void {
    this.#read = now;
    this.rates.record(now, this.#rows());
  }

  *#rows(): Generator<readonly [string, readonly number[]]> {
    for (const vhost of this.#admin.vhosts()) {
      yield [`v\0${vhost.name}`, vhostRow(vhost.counters)];
      for (const queue of vhost.localQueues()) {
        const { messages, ready, unacknowledged } = lengths(queue.infoNow());
        const key = `q\0${vhost.name}\0${queue.row.name}`;
        yield [key, [...queueRow(queue.counters), messages, ready, unacknowledged]];
      }
      for (const exchange of vhost.exchanges()) {
        const row = exchangeRow(exchange.counters);
        if (row.some((count) => count !== 0)) yield [`x\0${vhost.name}\0${exchange.row.name}`, row];
      }
    }
    for (const connection of this.#admin.connections.values()) {
      const info = connection.info();
      yield [`c\0${connection.name}`, [octets(info.recv_oct), octets(info.send_oct)]];
    }
  }
}

export function lengths(info: Record<string, unknown>) {
  return {
    messages: octets(info.messages),
    ready: octets(info.messages_ready),
    unacknowledged: octets(info.messages_unacknowledged),
  };
}

const octets = (value: unknown): number => (typeof value === 'number' ? value : 0);
