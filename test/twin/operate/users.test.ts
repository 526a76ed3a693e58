import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onBoth } from './stage.js';

onBoth('users', (warren) => {
  const { node } = warren;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'warren-users-'));
  });
  afterAll(async () => {
    for (const name of ['app', 'made', 'bare']) await node.api('DELETE', `users/${name}`);
    await rm(folder, { recursive: true, force: true });
  });

  const login = (password: string) => {
    const url = `http://app:${password}@127.0.0.1:${node.specification.ports.management}`;
    return warren.run(['queue', 'list', '--url', url]);
  };

  test('a password from standard input, a file, the environment, or made; never from the command line', async () => {
    expect(await warren.said('user add app --tags management --password-stdin', 'one\n')).toBe(
      'user app: added.\n',
    );
    expect((await login('one')).status).toBe(0);
    const again = await warren.run('user add app --password-stdin', {}, 'other\n');
    expect(again).toMatchObject({ status: 73, stderr: expect.stringContaining('user app is there already') });
    expect((await login('one')).status).toBe(0);

    const file = path.join(folder, 'password');
    writeFileSync(file, 'two\n', { mode: 0o600 });
    await warren.said(['user', 'password', 'app', '--password', `file:${file}`]);
    expect((await login('one')).status).toBe(77);
    expect((await login('two')).status).toBe(0);
    expect((await warren.run('user password app --password env:APP', { APP: 'three' })).status).toBe(0);
    expect((await login('three')).status).toBe(0);

    const typed = await warren.run('user password app --password s3cret');
    expect(typed.status).toBe(64);
    expect(`${typed.stdout}${typed.stderr}`).not.toContain('s3cret');
    expect((await warren.run('user add other --password-stdin', {}, '')).status).toBe(64);
    expect((await warren.run('user add other', {}, '')).stderr).toContain('--password-stdin');

    const { password } = await warren.json<{ password: string }>('user add made --password generate');
    expect(password.length).toBeGreaterThan(30);
  });

  test('tags change without the password, the password without the tags', async () => {
    await warren.said('user tags app policymaker,monitoring');
    expect((await login('three')).status).toBe(0);
    await warren.said('user password app --password-stdin', 'four');
    const [app] = await warren.json<unknown[]>('user list --filter ^app$ --columns name,tags');
    expect(app).toEqual({ name: 'app', tags: ['policymaker', 'monitoring'] });
    expect(await warren.json('user tags app policymaker,monitoring')).toMatchObject({ changed: false });
    expect(await warren.said('user tags app')).toBe('user app: has no tags.\n');
    expect((await login('four')).stderr).toContain('Not management user');
    expect((await warren.run('user tags nobody monitoring')).stderr).toContain("no user 'nobody'");
  });

  test('limits, and a user without a password', async () => {
    await warren.said('user limit app max-connections=5 max-channels=6');
    expect(await warren.json('user show app')).toMatchObject({
      limits: { 'max-connections': 5, 'max-channels': 6 },
    });
    await warren.said('user limit app max-channels=');
    expect((await warren.json<{ limits: object }>('user show app')).limits).toEqual({ 'max-connections': 5 });
    await warren.said('user add bare --without-password');
    expect(await warren.json('user show bare')).toMatchObject({ password_hash: '' });
    expect(await warren.said('user delete bare --yes')).toBe('user bare: deleted.\n');
    expect((await warren.run('user delete bare --yes')).status).toBe(69);
  });

  test('who may not, and who cannot be reached', async () => {
    await warren.said('user tags app management');
    const port = node.specification.ports.management;
    const asApp = { WARREN_URL: `http://app@127.0.0.1:${port}`, WARREN_PASSWORD: 'four' };
    expect(await warren.run('user list', asApp)).toMatchObject({
      status: 77,
      stderr: expect.stringMatching(/Not administrator user\n next: warren user tags app administrator/),
    });
    expect(await warren.run('user list', { WARREN_URL: `http://app@127.0.0.1:${port}` }, '')).toMatchObject({
      status: 77,
      stderr: expect.stringContaining('WARREN_PASSWORD'),
    });
    const elsewhere = async (url: string) => warren.run(['user', 'list', '--url', url]);
    expect((await elsewhere('http://guest:guest@127.0.0.1:1')).stderr).toContain('ECONNREFUSED');
    expect(
      (await elsewhere(`http://guest:guest@127.0.0.1:${node.specification.ports.amqp}`)).stderr,
    ).toContain('does not speak HTTP');
    expect((await elsewhere(`https://guest:guest@127.0.0.1:${port}`)).stderr).toContain(
      'that port speaks no TLS',
    );
    const wrong = await elsewhere('amqp://me:secret@127.0.0.1');
    expect(wrong.status).toBe(64);
    expect(wrong.stderr).not.toContain('secret');
  });
});
