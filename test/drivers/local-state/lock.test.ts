import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../../src/drivers/local-state/lock.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'warren-lock-'));
  file = path.join(folder, 'locks', 'rabbit.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = () => new Date('2026-01-02T03:04:05Z');
const request = () => ({ file, cluster: 'rabbit', command: 'warren up', now });

test('while one works, another is told who and since when; afterwards nothing is left', async () => {
  await withLock(request(), async () => {
    const second = withLock({ ...request(), command: 'warren down' }, async () => 'never');
    await expect(second).rejects.toThrow(
      `cluster rabbit is being changed by 'warren up' (pid ${process.pid}) since 2026-01-02T03:04:05.000Z`,
    );
  });
  expect(readdirSync(path.dirname(file))).toEqual([]);
});

test('the lock is released when the work fails', async () => {
  const work = withLock(request(), async () => {
    throw new Error('broke');
  });
  await expect(work).rejects.toThrow('broke');
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['a dead pid', { pid: 2 ** 22 + 1 }],
  ["another process's pid", { pid: process.pid, startTime: '1' }],
  ['another start of the machine', { boot: 'long ago' }],
])('a lock left by %s is taken over', async (_, stale) => {
  await withLock(request(), async () => {});
  let mine = '';
  await withLock(request(), async () => {
    mine = readFileSync(file, 'utf8');
  });
  writeFileSync(file, JSON.stringify({ ...JSON.parse(mine), ...stale }));
  expect(await withLock(request(), async () => 'taken')).toBe('taken');
});

test('of many who find a stale lock, one at a time works', async () => {
  await withLock(request(), async () => {});
  writeFileSync(file, '{"pid":1,"startTime":"0","boot":"x","command":"c","since":"s"}');
  let working = 0;
  let most = 0;
  const attempts = Array.from({ length: 20 }, () =>
    withLock(request(), async () => {
      most = Math.max(most, ++working);
      await new Promise((resolve) => setTimeout(resolve, 20));
      working--;
    }).catch((error) => error.code),
  );
  const results = await Promise.all(attempts);
  expect(most).toBe(1);
  expect(results.filter((result) => result === undefined).length).toBeGreaterThanOrEqual(1);
  expect(new Set(results.filter(Boolean))).toEqual(new Set(['CLUSTER_BUSY']));
});
