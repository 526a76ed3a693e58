import { expect, test } from 'vitest';
import { parseHa } from '../../src/cluster-file/ha.js';
import { hostsOf } from '../../src/cluster-file/hosts.js';
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
  expect(file.nodes?.map(({ name, address }) => [name, address])).toEqual([
    ['blue-1', undefined],
    ['blue-2', undefined],
  ]);
});

test('what is left out has its default', async () => {
  const text =
    'users: [{ name: app, password: x, permissions: [{}] }]\npolicies: [{ name: p, pattern: ^a, definition: { ha-mode: all } }]';
  const file = await parseClusterFile(text, 'warren.yaml');
  expect(file.users).toMatchObject([{ name: 'app', password: { from: 'text' }, tags: [] }]);
  expect(file.permissions).toEqual([{ user: 'app', vhost: '/', configure: '.*', write: '.*', read: '.*' }]);
  expect(file.policies?.[0]).toMatchObject({ vhost: '/', 'apply-to': 'all', priority: 0 });
});

test('an empty file is a cluster of defaults', async () => {
  expect(await parseClusterFile('', 'warren.yaml', '/home/me')).toMatchObject({
    name: 'rabbit',
    nodes: undefined,
    plugins: ['rabbitmq_management'],
    users: [],
    rabbitmq: { source: 'system', limits: { open_files: 65_536 }, cookie: { from: 'generate' } },
  });
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
    message: 'user app has no password',
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

const hosts = `
name: notes
ssh: { user: admin, key: keys/id, password: env:SSH_PASSWORD, bastion: { address: 10.0.0.9, port: 2222 } }
nodes:
  - { name: server1, address: 192.168.13.101 }
  - { name: server2, address: 192.168.13.102, ssh: { user: root, port: 23 } }
front_end:
  hosts: [{ name: server4, address: 192.168.13.104 }, { name: server2, address: 192.168.13.102 }]
  virtual_addresses: [192.168.13.110/24]
  haproxy: { amqp_port: 5670, management_port: 15670 }
`;

test('hosts, each once, with the ways to reach them', async () => {
  const file = await parseClusterFile(hosts, '/etc/warren/warren.yaml', '/home/me');
  const [first, second, third] = hostsOf(file);
  expect(hostsOf(file).map(({ name, roles }) => [name, roles])).toEqual([
    ['server1', ['broker']],
    ['server2', ['broker', 'balancer']],
    ['server4', ['balancer']],
  ]);
  expect(first?.ssh).toEqual({
    user: 'admin',
    port: 22,
    key: '/etc/warren/keys/id',
    password: { from: 'env', name: 'SSH_PASSWORD' },
    agent: true,
    known_hosts: '/home/me/.ssh/known_hosts',
    sudo: true,
    bastion: {
      address: '10.0.0.9',
      user: 'admin',
      port: 2222,
      key: '/etc/warren/keys/id',
      agent: true,
      known_hosts: '/home/me/.ssh/known_hosts',
    },
  });
  expect(second?.ssh).toMatchObject({ user: 'root', port: 23, sudo: false });
  expect(third?.address).toBe('192.168.13.104');
  expect(file.front_end).toMatchObject({
    virtual_addresses: [{ address: '192.168.13.110', prefix: 24 }],
    mode: 'active/passive',
    haproxy: { amqp_port: 5670, check_password: { from: 'generate' } },
  });
});

test('a file is of this machine or of hosts', async () => {
  expect(await problem('nodes:\n  - { name: a, address: 10.0.0.1 }\n  - { name: b }\n')).toMatchObject({
    where: 'warren.yaml:3:5',
    message: expect.stringContaining('node b has no address, and node a has one'),
  });
});
