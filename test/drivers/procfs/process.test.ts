import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { accepts, holderOf, isFree } from '../../../src/drivers/procfs/listener.js';
import { allStartedWith, startedWith, stateOf } from '../../../src/drivers/procfs/process.js';

test('a process is known by what it was started with, is seen paused, and is gone when it ended', async () => {
  const mark = `WARREN_TEST_MARK=${process.pid}-${Math.random()}`;
  const [name, value] = mark.split('=') as [string, string];
  const child = spawn('sleep', ['60'], { env: { ...process.env, [name]: value } });
  await new Promise((resolve) => child.once('spawn', resolve));
  expect(startedWith(child.pid!, mark)).toBe(true);
  expect(startedWith(process.pid, mark)).toBe(false);
  expect(allStartedWith(mark, [])).toEqual([child.pid]);
  expect(allStartedWith(mark, ['sleep'])).toEqual([]);
  child.kill('SIGSTOP');
  await expect.poll(() => stateOf(child.pid!)).toBe('paused');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(stateOf(child.pid!)).toBe('gone');
});

test('a listening port is not free, takes connections, and its holder is named', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  expect(await isFree(port)).toBe(false);
  expect(await accepts(port)).toBe(true);
  expect(holderOf(port)).toContain(`(pid ${process.pid})`);
  await new Promise((resolve) => server.close(resolve));
  expect(await isFree(port)).toBe(true);
  expect(await accepts(port)).toBe(false);
});
