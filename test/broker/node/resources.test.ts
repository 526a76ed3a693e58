import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NodeConfig } from '../../../src/broker/config/node-config.js';
import { Alarms } from '../../../src/broker/core/alarms.js';
import { Resources } from '../../../src/broker/node/resources.js';
import { collectingLogger, ManualClock } from '../connection/serve.js';

let directory: string;
let log: string[];
let alarms: Alarms;
let told: string[];
let clock: ManualClock;
let resources: Resources;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'warren-resources-'));
  log = [];
  told = [];
  alarms = new Alarms();
  alarms.onChange((reason) => told.push(reason ?? 'free'));
  clock = new ManualClock();
  resources = new Resources(config(), alarms, clock, collectingLogger(log), {
    alarms: () => undefined,
    shortOfMemory: (short) => told.push(short ? 'page out' : 'room'),
  });
});
afterEach(() => {
  resources.stop();
  rmSync(directory, { recursive: true });
});

const config = () =>
  ({
    nodeName: 'n@host',
    directories: { mnesia: directory },
    memoryHighWatermark: { bytes: 1e15 },
    memoryPagingRatio: 0.5,
    diskFreeLimit: { bytes: 1000 },
  }) as unknown as NodeConfig;

it('raises the alarm when the disk is below its limit, and clears it when it is not', () => {
  resources.checkDisk();
  expect(told).toEqual([]);
  resources.diskLimit = { bytes: 1e18 };
  resources.checkDisk();
  resources.checkDisk();
  expect(told).toEqual(['low on disk']);
  expect(log.at(-1)).toMatch(
    /^warning disk resource limit alarm set on node 'n@host'\. Free bytes: \d+, limit: 10+/,
  );
  resources.diskLimit = { bytes: 1000 };
  resources.checkDisk();
  expect(told).toEqual(['low on disk', 'free']);
  expect(log.at(-1)).toContain('alarm cleared');
});

it('raises it when the store cannot write, says why, and clears it only when it can again', () => {
  resources.storeFailed(new Error('EIO: i/o error, fdatasync'));
  expect(told).toEqual(['low on disk']);
  expect(log.at(-1)).toContain('writing failed: EIO: i/o error, fdatasync');
  resources.checkDisk();
  expect(told).toEqual(['low on disk']);
  resources.storeRecovered();
  expect(told).toEqual(['low on disk', 'free']);
});

it('looks the more often at the disk the less is left', () => {
  expect(resources.checkDisk()).toBe(10_000);
  resources.diskLimit = { bytes: resources.diskFree - 250_000_000 };
  expect(resources.checkDisk()).toBeLessThan(4000);
  resources.diskLimit = { bytes: 1e18 };
  expect(resources.checkDisk()).toBe(10_000);
});

it('has queues page out below the watermark, and publishers wait above it', () => {
  const used = process.memoryUsage.rss();
  resources.memoryWatermark = { bytes: used * 10 };
  resources.checkMemory();
  resources.memoryWatermark = { bytes: Math.round(used * 1.5) };
  resources.checkMemory();
  resources.memoryWatermark = { bytes: Math.round(used / 2) };
  resources.checkMemory();
  expect(told).toEqual(['room', 'page out', 'page out', 'low on memory']);
});

it('goes on looking', () => {
  resources.start();
  resources.memoryWatermark = { bytes: 1 };
  clock.advance(2500);
  expect(told).toEqual(['room', 'page out', 'low on memory']);
});
