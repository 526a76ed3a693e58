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
import type { Row } from './rows.js';

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
  seen: number;
}

export class Readings {
  readonly #objects = new Map<string, History>();
  readonly #bound: number;
  #last = -1;

  /** `bound`: readings kept at most, of all objects together. */
  constructor(bound = defaultBound) {
    this.#bound = bound;
  }

  /** One round. Objects that are not in it are gone. */
  record(now: number, rows: Iterable<Row>): void {
    const before = this.#last;
    const most = Math.max(3, Math.floor(this.#bound / (this.#objects.size + 1)));
    for (const { key, row } of rows) this.#keep(key, row, now, before, most);
    this.#last = now;
    for (const [key, object] of this.#objects) if (object.seen !== now) this.#objects.delete(key);
  }

  /** Per second, number by number of the row as it is now. */
  rates(key: string, now: number, row: readonly number[]): number[] {
    const base = this.#base(key, now, row.length);
    if (base === null) return row.map(() => 0);
    const seconds = (now - base.at) / 1000;
    return row.map((value, index) => (value - (base.row[index] ?? 0)) / seconds);
  }

  /** What the row was at each of these times; nothing before the object was there. */
  at(key: string, times: readonly number[], width: number): (readonly number[])[] {
    const readings = this.#objects.get(key)?.readings ?? [];
    const nothing = new Array<number>(width).fill(0);
    return times.map((time) => readings.findLast((reading) => reading.at <= time)?.row ?? nothing);
  }

  /** When the row last changed, if that was longer ago than the interval. */
  idleSince(key: string, now: number): number | null {
    const last = this.#objects.get(key)?.readings.at(-1);
    return last !== undefined && last.at <= now - span && last.until > last.at ? last.at : null;
  }

  get size(): number {
    return this.#objects.size;
  }

  #keep(key: string, row: readonly number[], now: number, before: number, most: number): void {
    const object = this.#objects.get(key);
    if (object === undefined) {
      const readings: Reading[] =
        before < 0 ? [] : [{ at: before, until: before, row: new Array(row.length).fill(0) }];
      readings.push({ at: now, until: now, row });
      this.#objects.set(key, { readings, seen: now });
      return;
    }
    object.seen = now;
    const last = object.readings[object.readings.length - 1] as Reading;
    if (same(last.row, row)) {
      last.until = now;
      return;
    }
    object.readings.push({ at: now, until: now, row });
    thin(object.readings, now, most);
  }

  /** What the row was about a span ago, and when it was last so. */
  #base(key: string, now: number, width: number): { at: number; row: readonly number[] } | null {
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
