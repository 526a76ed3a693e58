import { expect, test } from 'vitest';
import { hostsBlock, hostsFile } from '../../src/render/hosts-file.js';
import { fiveHosts } from './clusters.js';

async function filled(existing: string, more = ''): Promise<string> {
  const file = await fiveHosts(more);
  return hostsFile(existing, await hostsBlock(file), file);
}

test('a host has its own line, and its name leads nowhere else', async () => {
  const text = await filled(`127.0.0.1 localhost server1
127.0.1.1 SERVER2.example.org server2 # by the installer
127.0.1.1\tserver3
203.0.113.9 mirror   server9
`);
  const lines = text.split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '127.0.0.1 localhost',
    '127.0.1.1 SERVER2.example.org # by the installer',
    '203.0.113.9 mirror   server9',
  ]);
  expect(lines).toContain('192.0.2.101 server1');
  expect(lines).toContain('192.0.2.105 server5');
});

test('what stands there is kept, and once more changes nothing', async () => {
  const before = '127.0.0.1 localhost\n\n# mine\n10.0.0.1 db\n';
  const once = await filled(before);
  expect(once.startsWith(before)).toBe(true);
  expect(await filled(once)).toBe(once);
  expect(await filled(`${once}10.0.0.2 later\n`)).toBe(`${once}10.0.0.2 later\n`);
});

test('an empty file has nothing but our lines', async () => {
  expect(await filled('')).toMatch(/^# BEGIN cluster notes/);
});
