import { describe, expect, it } from 'vitest';
import { Readings } from '../../../../src/broker/management/statistics/readings.js';

/** Reads a counter that grows by `step` a second, from 0 on at second 1, once a second. */
function readings(seconds: number, step: number): Readings {
  const rates = new Readings();
  for (let second = 1; second <= seconds; second++) {
    rates.record(second * 1000, [{ key: 'queue', row: [(second - 1) * step] }]);
  }
  return rates;
}

function ratesOf(readings: Readings, key: string, now: number, row: number[]): number[] {
  const rates = row.map(() => 0);
  readings.addRates(rates, key, now, row);
  return rates;
}

describe('readings', () => {
  it('make a rate of 0 before there is anything to compare with', () => {
    expect(ratesOf(new Readings(), 'queue', 1_000, [500])).toEqual([0]);
  });

  it('are what was counted, per second', () => {
    expect(ratesOf(readings(10, 7), 'queue', 10_000, [63])).toEqual([7]);
  });

  it('look five seconds back, not further', () => {
    expect(ratesOf(readings(60, 0), 'queue', 60_500, [50])).toEqual([10]);
  });

  it('fall to 0 when nothing happens any more', () => {
    const rates = readings(5, 10);
    for (let second = 6; second <= 20; second++) rates.record(second * 1000, [{ key: 'queue', row: [40] }]);
    expect(ratesOf(rates, 'queue', 20_500, [40])).toEqual([0]);
  });

  it('of lengths are negative while they shrink', () => {
    const rates = new Readings();
    for (let second = 1; second <= 6; second++)
      rates.record(second * 1000, [{ key: 'queue', row: [100 - second * 10] }]);
    expect(ratesOf(rates, 'queue', 6_000, [40])).toEqual([-10]);
  });

  it('count from the reading before an object was first seen', () => {
    const rates = readings(3, 0);
    rates.record(4_000, [
      { key: 'queue', row: [0] },
      { key: 'new', row: [20] },
    ]);
    expect(ratesOf(rates, 'new', 5_000, [20])).toEqual([10]);
    expect(ratesOf(rates, 'unseen', 5_000, [20])).toEqual([20]);
  });

  it('forget what is gone', () => {
    const rates = readings(3, 1);
    rates.record(4_000, []);
    expect(rates.size).toBe(0);
  });
});
