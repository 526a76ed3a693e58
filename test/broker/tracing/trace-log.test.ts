import { mkdtemp, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TraceLog } from '../../../src/broker/tracing/trace-log.js';

let folder: string;
const logged: string[] = [];
const say = (line: string) => void logged.push(line);
const logger = { debug: say, info: say, warning: say, error: say };

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'warren-trace-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('takes twice its limit at most, and keeps the last', async () => {
  const log = new TraceLog(path.join(folder, 'deep', 'a.log'), logger, 1000);
  await log.open();
  for (let count = 0; count < 100; count += 1) {
    log.append(Buffer.from(`${String(count).padStart(99)}\n`));
    await log.flush();
  }
  expect((await readdir(path.join(folder, 'deep'))).sort()).toEqual(['a.log', 'a.log.1']);
  for (const name of ['a.log', 'a.log.1']) {
    expect((await stat(path.join(folder, 'deep', name))).size).toBeLessThanOrEqual(1000);
  }
  expect((await readFile(log.file, 'utf8')).trimEnd().endsWith('99')).toBe(true);
});

it('begins anew when its file was deleted, and can be read by its owner only', async () => {
  const log = new TraceLog(path.join(folder, 'a.log'), logger);
  await log.open();
  log.append(Buffer.from('one\n'));
  await log.flush();
  await unlink(log.file);
  log.append(Buffer.from('two\n'));
  await log.flush();
  expect(await readFile(log.file, 'utf8')).toBe('two\n');
  expect((await stat(log.file)).mode & 0o077).toBe(0);
});

it('is full while a lot waits, and tells when there is room again', async () => {
  const log = new TraceLog(path.join(folder, 'a.log'), logger);
  await log.open();
  let roomy = 0;
  log.onRoom(() => void roomy++);
  log.append(Buffer.alloc(5 * 1024 * 1024));
  expect(log.full).toBe(true);
  await log.flush();
  expect([log.full, roomy]).toEqual([false, 1]);
});
