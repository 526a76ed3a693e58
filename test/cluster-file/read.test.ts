import { expect, test } from 'vitest';
import { parseHa } from '../../src/cluster-file/ha.js';
import { parseClusterFile, readClusterFile } from '../../src/cluster-file/read.js';

const problem = async (text: string) => {
  const error = await parseClusterFile(text, 'warren.yaml').then(
    () => undefined,
    (thrown) => thrown,
  );
  return error?.report as { exit: number; where: string; message: string; next: string };
};

test('a number of nodes becomes nodes with names', async () => {
  const file = await parseClusterFile('name: blue\nnodes: 2\n', 'warren.yaml');
  expect(file.nodes).toEqual([{ name: 'blue-1' }, { name: 'blue-2' }]);
});

test('what is left out has its default', async () => {
  const text =
    'users: [{ name: app, password: x, permissions: [{}] }]\npolicies: [{ name: p, pattern: ^a, definition: { ha-mode: all } }]';
  const file = await parseClusterFile(text, 'warren.yaml');
  expect(file.users).toEqual([
    {
      name: 'app',
      password: 'x',
      tags: [],
      permissions: [{ vhost: '/', configure: '.*', write: '.*', read: '.*' }],
    },
  ]);
  expect(file.policies?.[0]).toMatchObject({ vhost: '/', 'apply-to': 'all', priority: 0 });
});

test('an empty file is a cluster of defaults', async () => {
  expect(await parseClusterFile('', 'warren.yaml')).toEqual({});
});

test('an unknown key, at the top or within, with the word that was meant', async () => {
  expect(await problem('name: blue\nplugns: [rabbitmq_shovel]\n')).toMatchObject({
    exit: 78,
    where: 'warren.yaml:2:1',
    message: expect.stringContaining("unknown key 'plugns'"),
    next: "did you mean 'plugins'?",
  });
  expect(await problem('nodes:\n  - name: a\n    adress: 10.0.0.1\n')).toMatchObject({
    where: 'warren.yaml:3:5',
    next: "did you mean 'address'?",
  });
});

test('a wrong value is shown where it stands', async () => {
  expect(await problem('name: blue\nengine: kafka\n')).toMatchObject({ where: 'warren.yaml:2:9' });
  expect(await problem('users:\n  - name: app\n')).toMatchObject({
    where: 'warren.yaml:2:5',
    message: expect.stringContaining('users.0.password'),
  });
});

test('of several errors, the first of the text is told', async () => {
  expect(await problem('ha: some\nengine: kafka\nfoo: 1\n')).toMatchObject({ where: 'warren.yaml:1:5' });
});

test('what is not YAML', async () => {
  expect(await problem('name: "blue\nnodes: 2')).toMatchObject({
    exit: 78,
    where: expect.stringMatching(/^warren\.yaml:\d+:\d+$/),
  });
});

test('a file that is not there', async () => {
  await expect(readClusterFile('/nowhere/warren.yaml')).rejects.toMatchObject({
    code: 'CLUSTER_FILE_MISSING',
  });
});

test('ha', () => {
  expect(parseHa('all')).toEqual({ mode: 'all' });
  expect(parseHa('exactly:2')).toEqual({ mode: 'exactly', count: 2 });
  for (const bad of ['exactly', 'exactly:0', 'exactly:two', ''])
    expect(() => parseHa(bad), bad).toThrow('--ha');
});
