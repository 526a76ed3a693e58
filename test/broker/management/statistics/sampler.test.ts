import { describe, expect, it } from 'vitest';
import type { Admin } from '../../../../src/broker/core/admin-port.js';
import { churnCounters } from '../../../../src/broker/core/counters.js';
import { churnRow } from '../../../../src/broker/management/statistics/rows.js';
import { Sampler } from '../../../../src/broker/management/statistics/sampler.js';
import { VirtualClock } from '../../core/virtual-clock.js';

/** Nobody is connected, and nobody asks, for so many seconds. */
function afterQuiet(seconds: number) {
  const admin = { churn: churnCounters(), vhosts: () => [], connections: new Map() } as unknown as Admin;
  const clock = new VirtualClock();
  const sampler = new Sampler(admin, clock, 'basic', () => clock.now());
  for (let second = 0; second < seconds; second++) clock.advance(1000);
  const rate = () => {
    const counts = sampler.counts(churnRow(admin), sampler.touch(), [{ names: ['created'], range: null }]);
    return counts.created?.rate ?? 0;
  };
  return { admin, clock, rate };
}

describe('after a quiet hour', () => {
  it('what happened in the last seconds has its whole rate', () => {
    const { admin, clock, rate } = afterQuiet(3600);
    for (let second = 0; second < 10; second++) {
      admin.churn.connectionCreated += 20;
      clock.advance(1000);
    }
    expect(rate()).toBeGreaterThan(10);
    expect(rate()).toBeLessThanOrEqual(20);
  });

  it('what happened before has none', () => {
    const { admin, clock, rate } = afterQuiet(3600);
    admin.churn.connectionCreated += 100;
    for (let second = 0; second < 11; second++) clock.advance(1000);
    expect(rate()).toBe(0);
  });
});
