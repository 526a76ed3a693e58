import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Warren } from './warren.js';

const notes = fileURLToPath(new URL('../fixtures/notes/', import.meta.url));
let warren: Warren;
let folder: string;

beforeAll(() => {
  warren = new Warren();
  folder = path.join(warren.state, 'notes');
  cpSync(notes, folder, { recursive: true });
});
afterAll(() => warren.destroy());

test('a finding: where, what, why, what to write instead; 78', async () => {
  const file = path.join(folder, 'haproxy.cfg');
  const { status, stdout } = await warren.run(['lb', 'lint', file]);
  expect(status).toBe(78);
  expect(stdout).toContain(`${file}:16: error: 'nbproc' is no longer known (removed-keyword)\n    why: `);
  expect(stdout).toMatch(/ {2}write: leave it out.*\n/);
  expect(stdout).toContain('5 errors, 8 warnings, 2 notes');
});

test('several files at once, as a document', async () => {
  const files = ['haproxy.cfg', 'keepalived.conf', 'haproxy_check.sh'].map((name) => path.join(folder, name));
  chmodSync(files[2]!, 0o775);
  const { findings } = await warren.json<{ findings: { rule: string; file: string }[] }>([
    'lb',
    'lint',
    ...files,
  ]);
  const rules = findings.map(({ rule }) => rule);
  for (const rule of ['virtual-address-unbound', 'slow-check', 'writable-script', 'unknown-keyword']) {
    expect(rules).toContain(rule);
  }
});

test('--fail-on moves what is a failure', async () => {
  const file = path.join(folder, 'mild.cfg');
  writeFileSync(file, 'global\n    maxconn 10\n');
  expect((await warren.run(['lb', 'lint', file])).status).toBe(78);
  await warren.succeeds(['lb', 'lint', file, '--fail-on', 'error']);
  expect(
    (await warren.run(['lb', 'lint', path.join(folder, 'haproxy.cfg'), '--fail-on', 'never'])).status,
  ).toBe(0);
});

test('what is no such file: 65', async () => {
  const other = path.join(folder, 'other.txt');
  writeFileSync(other, 'Dear diary\n');
  expect(await warren.run(['lb', 'lint', other])).toMatchObject({
    status: 65,
    stderr: expect.stringContaining('is neither'),
  });
  expect((await warren.run(['lb', 'lint', path.join(folder, 'none.cfg')])).status).toBe(65);
  expect((await warren.run(['lb', 'lint'])).status).toBe(64);
});
