import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format, inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newSecret, resolveSecret } from '../../src/cluster-file/resolve-secret.js';
import { parseSecret, type Secret, SecretText } from '../../src/cluster-file/secret.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'warren-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const about = { key: 'users/app', what: 'password of user app' };
const resolved = async (secret: Secret, env: Record<string, string> = {}) =>
  (
    await resolveSecret(secret, about, { env, generated: async (key) => new SecretText(`made for ${key}`) })
  ).reveal();

const written = (text: string, mode: number) => {
  const file = path.join(folder, 'secret');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return { from: 'file', path: file } as const;
};

test('a value is hidden however it is shown', () => {
  const secret = new SecretText('hunter2');
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true }),
  ];
  shown.push(format('%s %o %j', secret, secret, secret), Object.entries(secret).join(), `${[secret]}`);
  for (const text of shown) expect(text).not.toContain('hunter2');
  expect(secret.reveal()).toBe('hunter2');
});

test('references', () => {
  expect(parseSecret('env:APP')).toEqual({ from: 'env', name: 'APP' });
  expect(parseSecret('file:/run/secrets/app')).toEqual({ from: 'file', path: '/run/secrets/app' });
  expect(parseSecret('generate')).toEqual({ from: 'generate' });
  for (const text of ['secret', 'env:', 'env:A B', 'file:', 'ENV:A', 'generated']) {
    expect(parseSecret(text), text).toBeUndefined();
  }
});

test('from the environment, from a file without its line end, generated under its key', async () => {
  expect(await resolved({ from: 'env', name: 'APP' }, { APP: ' a b ' })).toBe(' a b ');
  expect(await resolved(written('top secret\n', 0o600))).toBe('top secret');
  expect(await resolved(written('two\nlines\r\n', 0o400))).toBe('two\nlines');
  expect(await resolved({ from: 'generate' })).toBe('made for users/app');
  expect(newSecret().reveal()).toMatch(/^[\w-]{32}$/);
});

test('what is missing is said with whose it is and what to type', async () => {
  const refusal = (secret: Secret, env = {}) =>
    resolved(secret, env).then(
      () => undefined,
      (error) => error.report,
    );
  expect(await refusal({ from: 'env', name: 'APP' })).toMatchObject({
    exit: 78,
    message: 'no password of user app: the environment variable APP is not set',
    next: 'read -rs APP; export APP',
  });
  expect((await refusal({ from: 'env', name: 'APP' }, { APP: '' })).message).toContain('is empty');
  const missing = path.join(folder, 'nowhere');
  expect(await refusal({ from: 'file', path: missing })).toMatchObject({
    message: `no password of user app: there is no file ${missing}`,
  });
  expect((await refusal({ from: 'file', path: folder })).message).toContain('is not a file');
  expect((await refusal(written('\n', 0o600))).message).toContain('is empty');
});

test.each([0o640, 0o604, 0o660, 0o620])('a file of mode %o is refused', async (mode) => {
  const secret = written('secret', mode);
  await expect(resolved(secret)).rejects.toMatchObject({
    report: { message: expect.stringContaining('can be read by others'), next: `chmod 600 ${secret.path}` },
  });
});
