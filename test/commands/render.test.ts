import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Warren } from './warren.js';

let warren: Warren;
let file: string;

beforeAll(() => {
  warren = new Warren();
  mkdirSync(path.join(warren.state, 'files'));
  file = path.join(warren.state, 'files', 'five.yaml');
  writeFileSync(
    file,
    `name: notes
nodes: [{ name: server1, address: 192.0.2.101 }]
front_end:
  hosts: [{ name: server4, address: 192.0.2.104 }, { name: server5, address: 192.0.2.105, interface: ens3 }]
  virtual_addresses: [192.0.2.110]
  haproxy: { check_password: 'env:CHECK_PASSWORD' }
`,
  );
});
afterAll(() => warren.destroy());

const inFile = Buffer.from('warren-check:open sesame').toString('base64');
const stars = Buffer.from('warren-check:***').toString('base64');

test('a password is stars until it is asked for; a generated one is stars in any case', async () => {
  const args = ['render', 'haproxy', '--file', file, '--host', 'server4'];
  const env = { CHECK_PASSWORD: 'open sesame' };
  const hidden = await warren.run(args, env);
  expect(hidden).toMatchObject({ status: 0, stdout: expect.stringContaining(stars) });
  expect(hidden.stderr).toContain('check_password: *** (--secrets puts it in)');
  const shown = await warren.run([...args, '--secrets'], env);
  expect(shown.stdout).toContain(inFile);
  expect(shown.stderr).toBe('note: stats_password: *** (generated at the first apply)\n');
  expect((await warren.run([...args, '--secrets'])).status).toBe(78);
});

test('into a folder: one sub-folder a host, and passwords for the writer alone', async () => {
  const out = path.join(warren.state, 'out');
  const { status, stdout } = await warren.run(['render', 'haproxy', '-f', file, '-o', out]);
  expect(status).toBe(0);
  const first = path.join(out, 'server4', 'etc', 'haproxy', 'haproxy.cfg');
  expect(stdout.split('\n')).toContain(first);
  expect(statSync(first).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(out, 'server5/etc/haproxy/haproxy.cfg'), 'utf8')).toContain(
    'bind 192.0.2.105:5672',
  );
});

test('an interface that is to be found on the host is said to be', async () => {
  const { stdout, stderr } = await warren.run(['render', 'keepalived', '-f', file]);
  expect(stderr).toBe('note: interface: eth0 (apply finds it on the host)\n');
  expect(stdout.match(/^ {4}interface .*$/gm)).toEqual(['    interface eth0', '    interface ens3']);
  expect(stdout).toContain('# --- server5:/etc/keepalived/keepalived.conf\n');
});

test('as a document', async () => {
  const answer = await warren.json<{ files: { host: string; path: string; mode: number; text: string }[] }>([
    'render',
    'check-script',
    '-f',
    file,
  ]);
  expect(answer.files.map(({ host, mode }) => [host, mode])).toEqual([
    ['server4', 0o755],
    ['server5', 0o755],
  ]);
});

test('a host that has no such file: 64; a cluster file without a front end: 78', async () => {
  const wrong = await warren.run(['render', 'hosts', '-f', file, '--host', 'server9']);
  expect(wrong).toMatchObject({ status: 64, stderr: expect.stringContaining('--host server1') });
  const alone = path.join(warren.state, 'files', 'alone.yaml');
  writeFileSync(alone, 'nodes: [{ name: server1, address: 192.0.2.101 }]\n');
  const without = await warren.run(['render', 'haproxy', '-f', alone]);
  expect(without).toMatchObject({ status: 78, stderr: expect.stringContaining('has no front_end') });
});
