/**
 * Readings of counters and lengths over time. Each object (a queue, an exchange, a connection …) has a row of
 * numbers that is read now and then. A rate is the difference between now and about five seconds ago,
 * RabbitMQ's own interval; a sample is what the row was at some time before.
 *
 * A row that has not changed since the last reading only grows older (`until`), so an idle object costs one. Readings older
 * than the interval are thinned to one an interval, and dropped after ten minutes or when all objects together
 * hold more than a bound. An object first seen after readings began had nothing before: it counts from the
 * reading before it. With no earlier reading at all a rate is 0.
 */
import type { Key, Row } from './rows.js';

const span = 5_000;
const retention = 600_000;
/** Younger readings are too close to make a rate of. */
const shortest = 250;
const defaultBound = 200_000;

interface Reading {
  /** First and last time that the row was like this. */
  at: number;
  until: number;
  row: readonly number[];
}

interface History {
  readings: Reading[];
  /** The last round that it was in. */
  seen: number;
}

interface Moment {
  now: number;
  /** When the round before began. */
  before: number;
  most: number;
  number: number;
}

export interface Round {
  keep(now: number, row: Row): void;
  end(): void;
}

export class Readings {
  readonly #objects = new Map<Key, History>();
  readonly #bound: number;
  #last = -1;
  #round = 0;

  /** `bound`: readings kept at most, of all objects together. */
  constructor(bound = defaultBound) {
    this.#bound = bound;
  }

  /** One round. Objects that are not in it are gone. */
  record(now: number, rows: Iterable<Row>): void {
    const round = this.begin(now);
    for (const row of rows) round.keep(now, row);
    round.end();
  }

  /** A round that is read bit by bit; each row has the time at which it was read. */
  begin(start: number): Round {
    const before = this.#last;
    const number = ++this.#round;
    const most = Math.max(3, Math.floor(this.#bound / (this.#objects.size + 1)));
    return {
      keep: (now, { key, row }) => this.#keep(key, row, { now, before, most, number }),
      end: () => {
        this.#last = start;
        for (const [key, object] of this.#objects) if (object.seen !== number) this.#objects.delete(key);
      },
    };
  }

  /**
   * Adds what each number of the row, as it is now, has grown a second to what others have: most of thousands of
   * rows stand still, and add nothing.
   */
  addRates(to: number[], key: Key, now: number, row: readonly number[]): void {
    const base = this.#base(key, now, row.length);
    if (base === null) return;
    const seconds = (now - base.at) / 1000;
    for (let index = 0; index < row.length; index++) {
      const grown = (row[index] ?? 0) - (base.row[index] ?? 0);
      if (grown !== 0) to[index] = (to[index] ?? 0) + grown / seconds;
    }
  }

  /** Of one number of the row. */
  rate(key: Key, now: number, row: readonly number[], index: number): number {
    const base = this.#base(key, now, row.length);
    return base === null ? 0 : ((row[index] ?? 0) - (base.row[index] ?? 0)) / ((now - base.at) / 1000);
  }

  /** What the row was at each of these times; nothing before the object was there. */
  at(key: Key, times: readonly number[], width: number): (readonly number[])[] {
    const readings = this.#objects.get(key)?.readings ?? [];
    const nothing = new Array<number>(width).fill(0);
    return times.map((time) => readings.findLast((reading) => reading.at <= time)?.row ?? nothing);
  }

  /** When the row last changed, if that was longer ago than the interval. */
  idleSince(key: Key, now: number): number | null {
    const last = this.#objects.get(key)?.readings.at(-1);
    return last !== undefined && last.at <= now - span && last.until > last.at ? last.at : null;
  }

  get size(): number {
    return this.#objects.size;
  }

  #keep(key: Key, row: readonly number[], { now, before, most, number }: Moment): void {
    const object = this.#objects.get(key);
    if (object === undefined) {
      const readings: Reading[] =
        before < 0 ? [] : [{ at: before, until: before, row: new Array(row.length).fill(0) }];
      readings.push({ at: now, until: now, row });
      this.#objects.set(key, { readings, seen: number });
      return;
    }
    object.seen = number;
    const last = object.readings[object.readings.length - 1] as Reading;
    if (same(last.row, row)) {
      last.until = now;
      return;
    }
    object.readings.push({ at: now, until: now, row });
    thin(object.readings, now, most);
  }

  /** What the row was about a span ago, and when it was last so. */
  #base(key: Key, now: number, width: number): { at: number; row: readonly number[] } | null {
    const object = this.#objects.get(key);
    const from = now - span;
    if (object === undefined) {
      if (this.#last < 0 || now - this.#last < shortest) return null;
      return { at: Math.max(this.#last, from), row: new Array(width).fill(0) };
    }
    const { readings } = object;
    const base = readings.findLast((reading) => reading.at <= from) ?? (readings[0] as Reading);
    const at = Math.max(base.at, Math.min(base.until, from));
    return now - at < shortest ? null : { at, row: base.row };
  }
}

/**
 * One reading just became older than the span: it goes when the one before it is in the same interval. The
 * first two that are old always stay comparable, since the younger is what a rate looks back to.
 */
function thin(readings: Reading[], now: number, most: number): void {
  const old = readings.findLastIndex((reading) => reading.at <= now - span);
  if (old >= 2) {
    const [before, middle] = [readings[old - 2] as Reading, readings[old - 1] as Reading];
    if (middle.at - before.at < span) readings.splice(old - 1, 1);
  }
  while (readings.length > 2 && ((readings[1] as Reading).at <= now - retention || readings.length > most)) {
    if ((readings[1] as Reading).at > now - span) break;
    readings.shift();
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, index) => value === b[index]);
}
