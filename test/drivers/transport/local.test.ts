import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localTransport } from '../../../src/drivers/transport/local.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'warren-local-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('what a node says at its start is not told with what an earlier start said', async () => {
  const output = path.join(folder, 'output.log');
  for (const word of ['earlier', 'now']) {
    const options = { folder, env: {}, output };
    const { ended } = await localTransport.startDetached('/bin/echo', [word], options);
    await ended;
  }
  expect(await readFile(output, 'utf8')).toBe('now\n');
});
