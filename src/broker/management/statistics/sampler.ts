/**
 * Reads this node's counters now and then, so that whoever asks gets rates. While somebody asks it reads once a
 * second; for half a minute after the last question, or while clients are connected, every five seconds, so
 * that a first question has something to compare with. A node that nobody uses is not read at all.
 */
import type { Admin } from '../../core/admin-port.js';
import type { Clock } from '../../core/ports.js';
import type { Counts } from './message-stats.js';
import { type Range, timesOf } from './range.js';
import { Readings } from './readings.js';
import { channelRow, churnRow, connectionRow, exchangeRow, queueRow, type Row, vhostRow } from './rows.js';

const often = 1_000;
const seldom = 5_000;
const attention = 30_000;

export class Sampler {
  readonly #readings = new Readings();
  readonly #measures = new Readings();
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

  /** The named numbers of an object's row as they are now, with their rates and, for a range, their samples. */
  counts(of: Row, now: number, columns: readonly Columns[]): Counts {
    return this.#counts(this.#readings, of, now, columns);
  }

  /** `idle_since` of an object that has done nothing for a while, as RabbitMQ writes times. */
  idle({ key }: Row, now: number): { idle_since?: string } {
    const since = this.#readings.idleSince(key, now);
    return since === null ? {} : { idle_since: new Date(since).toISOString().replace('Z', '+00:00') };
  }

  /** As `counts`, for rows that only their asker can read; each question is a reading. */
  measure(of: Row, now: number, columns: readonly Columns[]): Counts {
    const counted = this.#counts(this.#measures, of, now, columns);
    this.#measures.record(now, [of]);
    return counted;
  }

  #counts(readings: Readings, { key, row }: Row, now: number, columns: readonly Columns[]): Counts {
    const rates = readings.rates(key, now, row);
    const counted: Counts = {};
    for (const { names, from = 0, range } of columns) {
      const times = range === null ? null : timesOf(range, now);
      const rows = times === null ? [] : readings.at(key, times, row.length);
      for (const [index, name] of names.entries()) {
        const at = from + index;
        const count = { total: row[at] ?? 0, rate: rates[at] ?? 0 };
        const samples = times?.map((timestamp, each) => ({ timestamp, sample: rows[each]?.[at] ?? 0 }));
        counted[name] = samples === undefined ? count : { ...count, samples };
      }
    }
    return counted;
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
    this.#readings.record(now, this.#rows());
  }

  *#rows(): Generator<Row> {
    yield churnRow(this.#admin);
    for (const vhost of this.#admin.vhosts()) {
      yield vhostRow(vhost);
      for (const queue of vhost.localQueues()) yield queueRow(queue);
      for (const exchange of vhost.exchanges()) {
        const row = exchangeRow(exchange);
        if (row.row.some((count) => count !== 0)) yield row;
      }
    }
    for (const connection of this.#admin.connections.values()) {
      yield connectionRow(connection);
      for (const channel of connection.channels()) yield channelRow(connection, channel);
    }
  }
}

/** Names of a part of a row, from a position on, and the range of samples wanted of it. */
export interface Columns {
  names: readonly string[];
  from?: number;
  range: Range | null;
}
