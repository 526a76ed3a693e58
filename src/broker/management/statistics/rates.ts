/**
 * Rates of counters and lengths. Each object (a queue, an exchange, a connection …) has a row of numbers that is
 * read now and then; a rate is the difference between now and about five seconds ago, RabbitMQ's own interval.
 *
 * A row that has not changed since the last reading only grows older (`until`), so an idle object costs one. An
 * object first seen after readings began had nothing before: its rate is counted from the reading before it.
 * With no earlier reading at all the rate is 0.
 */
const span = 5_000;
/** Younger readings are too close to make a rate of. */
const shortest = 250;

interface Reading {
  /** First and last time that the row was like this. */
  at: number;
  until: number;
  row: readonly number[];
}

export class Rates {
  readonly #objects = new Map<string, { readings: Reading[]; seen: number }>();
  #last = -1;

  /** One round of readings. Objects that are not in it are gone. */
  record(now: number, rows: Iterable<readonly [key: string, row: readonly number[]]>): void {
    const before = this.#last;
    for (const [key, row] of rows) this.#keep(key, row, now, before);
    this.#last = now;
    for (const [key, object] of this.#objects) if (object.seen !== now) this.#objects.delete(key);
  }

  /** Per second, number by number of the row. */
  of(key: string, now: number, row: readonly number[]): number[] {
    const base = this.#base(key, now, row.length);
    if (base === null) return row.map(() => 0);
    const seconds = (now - base.at) / 1000;
    return row.map((value, index) => (value - (base.row[index] ?? 0)) / seconds);
  }

  get size(): number {
    return this.#objects.size;
  }

  #keep(key: string, row: readonly number[], now: number, before: number): void {
    const object = this.#objects.get(key);
    if (object === undefined) {
      const readings: Reading[] = before < 0 ? [] : [{ at: before, until: before, row: row.map(() => 0) }];
      readings.push({ at: now, until: now, row });
      this.#objects.set(key, { readings, seen: now });
      return;
    }
    object.seen = now;
    const { readings } = object;
    const last = readings[readings.length - 1] as Reading;
    if (same(last.row, row)) last.until = now;
    else readings.push({ at: now, until: now, row });
    // Of those older than the span only the youngest matters: it is what the object had then.
    while (readings.length > 1 && (readings[1] as Reading).at <= now - span) readings.shift();
  }

  /** What the row was about a span ago, and when it was last so. */
  #base(key: string, now: number, width: number): { at: number; row: readonly number[] } | null {
    const object = this.#objects.get(key);
    const from = now - span;
    if (object === undefined) {
      if (this.#last < 0 || now - this.#last < shortest) return null;
      return { at: Math.max(this.#last, from), row: new Array(width).fill(0) };
    }
    let base = object.readings[0] as Reading;
    for (const reading of object.readings) if (reading.at <= from) base = reading;
    const at = Math.max(base.at, Math.min(base.until, from));
    return now - at < shortest ? null : { at, row: base.row };
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, index) => value === b[index]);
}
