/**
 * Reads this node's counters now and then, so that whoever asks gets rates. While somebody asks, and for half a minute
 * after, it reads once a second; else every five seconds, as RabbitMQ does, so that a first question has something
 * to compare with, however quiet it was before.
 *
 * A round of many thousands is read in slices, between which messages go on, and the more a round costs the longer
 * the next one waits: reading takes a few hundredths of the node's time at most. Who asks meanwhile is answered from the rounds
 * before.
 */
import type { RatesMode } from '../../config/node-config.js';
import type { Admin } from '../../core/admin-port.js';
import type { Clock } from '../../core/ports.js';
import type { Counts } from './message-stats.js';
import { type Range, timesOf } from './range.js';
import { Readings, type Round } from './readings.js';
import { channelRow, churnRow, connectionRow, exchangeRow, queueRow, type Row, vhostRow } from './rows.js';

const often = 1_000;
const seldom = 5_000;
const attention = 30_000;
/** Milliseconds of work between which others have their turn, and rows between two looks at the time. */
const slice = 3;
const handful = 100;
/** A round's work, so many times over, is left to others before the next. */
const rest = 30;

export class Sampler {
  readonly #readings = new Readings();
  readonly #measures = new Readings();
  readonly #admin: Admin;
  readonly #clock: Clock;
  readonly #stopwatch: () => number;
  #asked = Number.NEGATIVE_INFINITY;
  #read = Number.NEGATIVE_INFINITY;
  #cancel: () => void = () => {};
  #closed = false;
  #reading = false;
  #pause = often;

  constructor(
    admin: Admin,
    clock: Clock,
    readonly ratesMode: RatesMode = 'basic',
    /** Milliseconds, for what a round costs: finer than the clock, and never put back. */
    stopwatch: () => number = () => performance.now(),
  ) {
    this.#admin = admin;
    this.#clock = clock;
    this.#stopwatch = stopwatch;
    this.#schedule(seldom);
  }

  /** Somebody asks now; answers the time that this question's rates are made at. */
  touch(): number {
    const now = this.#clock.now();
    const idle = now - this.#asked > attention;
    this.#asked = now;
    if (now - this.#read >= this.#pause) this.#sample(now);
    if (idle) this.#schedule(often);
    return now;
  }

  /** The named numbers of an object's row as they are now, with their rates and, for a range, their samples. */
  counts(of: Row, now: number, columns: readonly Columns[]): Counts {
    return this.#counts(this.#readings, [of], now, columns);
  }

  /** The same, added up over objects of one kind; nothing where there is none. */
  sum(of: readonly Row[], now: number, columns: readonly Columns[]): Counts {
    return of.length === 0 ? {} : this.#counts(this.#readings, of, now, columns);
  }

  /** `sum` of messages that went through: nothing where rates are not kept. */
  messages(of: readonly Row[], now: number, columns: readonly Columns[]): Counts {
    return this.ratesMode === 'none' ? {} : this.sum(of, now, columns);
  }

  /** `idle_since` of an object that has done nothing for a while, as RabbitMQ writes times. */
  idle({ key }: Row, now: number): { idle_since?: string } {
    const since = this.#readings.idleSince(key, now);
    return since === null ? {} : { idle_since: new Date(since).toISOString().replace('Z', '+00:00') };
  }

  /** As `counts`, for rows that only their asker can read; each question is a reading. */
  measure(of: Row, now: number, columns: readonly Columns[]): Counts {
    const counted = this.#counts(this.#measures, [of], now, columns);
    this.#measures.record(now, [of]);
    return counted;
  }

  /** Numbers are added up before names are given to them: there may be thousands of rows. */
  #counts(readings: Readings, of: readonly Row[], now: number, columns: readonly Columns[]): Counts {
    const totals = new Sum();
    const rates: number[] = [];
    for (const { key, row } of of) {
      totals.add(row);
      readings.addRates(rates, key, now, row);
    }
    const counted: Counts = {};
    for (const { names, from = 0, range } of columns) {
      const past = range === null ? undefined : pastOf(readings, of, timesOf(range, now));
      for (const [index, name] of names.entries()) {
        const at = from + index;
        const count = { total: totals.of[at] ?? 0, rate: rates[at] ?? 0 };
        const samples = past?.map(({ timestamp, sum }) => ({ timestamp, sample: sum.of[at] ?? 0 }));
        counted[name] = samples === undefined ? count : { ...count, samples };
      }
    }
    return counted;
  }

  /** One number of a row, or its rate. */
  figure({ key, row }: Row, now: number, index: number, rate: boolean): number {
    return rate ? this.#readings.rate(key, now, row, index) : (row[index] ?? 0);
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
    this.#sample(now);
    this.#schedule(watched ? this.#pause : Math.max(seldom, this.#pause));
  }

  #sample(now: number): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#read = now;
    this.#slice(this.#readings.begin(now), this.#rows(), 0);
  }

  #slice(round: Round, rows: Iterator<Row, void>, spent: number): void {
    const started = this.#stopwatch();
    const now = this.#clock.now();
    for (;;) {
      for (let count = 0; count < handful; count++) {
        const next = rows.next();
        if (next.done) {
          this.#ended(round, spent + this.#stopwatch() - started);
          return;
        }
        round.keep(now, next.value);
      }
      const took = this.#stopwatch() - started;
      if (took < slice) continue;
      setImmediate(() => {
        if (!this.#closed) this.#slice(round, rows, spent + took);
      });
      return;
    }
  }

  #ended(round: Round, spent: number): void {
    round.end();
    this.#pause = Math.max(often, spent * rest);
    this.#reading = false;
  }

  *#rows(): Generator<Row, void> {
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
      for (const channel of connection.channels()) yield channelRow(channel);
    }
  }
}

class Sum {
  readonly of: number[] = [];

  add(row: readonly number[]): void {
    for (let index = 0; index < row.length; index++) {
      this.of[index] = (this.of[index] ?? 0) + (row[index] ?? 0);
    }
  }
}

/** What the rows came to at each of these times. */
function pastOf(readings: Readings, of: readonly Row[], times: readonly number[]) {
  const past = times.map((timestamp) => ({ timestamp, sum: new Sum() }));
  for (const { key, row } of of) {
    for (const [index, then] of readings.at(key, times, row.length).entries()) past[index]?.sum.add(then);
  }
  return past;
}

/** Names of a part of a row, from a position on, and the range of samples wanted of it. */
export interface Columns {
  names: readonly string[];
  from?: number;
  range: Range | null;
}
