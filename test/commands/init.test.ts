import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostsOf } from '../../src/cluster-file/hosts.js';
import { readClusterFile } from '../../src/cluster-file/read.js';
import { until } from '../engines/until.js';
import { ended, Warren } from './warren.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
let warren: Warren;
beforeAll(() => {
  warren = new Warren();
});
afterAll(() => warren.destroy());

const fileOf = (name: string) => path.join(warren.state, name);
const init = (name: string, ...args: string[]) => warren.run(['init', ...args, '--file', fileOf(name)]);

const hosts = async (name: string) =>
  hostsOf(await readClusterFile(fileOf(name))).map(
    (host) => `${host.name} ${host.ssh.user}@${host.address}:${host.ssh.port} ${host.roles}`,
  );

test('five hosts: names, users and ports as they were typed, and a virtual address', async () => {
  const balancers = [
    '--balancer',
    'admin@192.0.2.104',
    '--balancer',
    'lb2.example.com',
    '--vip',
    '192.0.2.110',
  ];
  const nodes = ['admin@192.0.2.101', 'admin@192.0.2.102:2222', 'admin@mq3.example.com'];
  const { status, stdout, stderr } = await init('five.yaml', ...nodes, ...balancers, '--profile', 'mirrored');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`warren check --file ${fileOf('five.yaml')}`);
  expect(await hosts('five.yaml')).toEqual([
    'server1 admin@192.0.2.101:22 broker',
    'server2 admin@192.0.2.102:2222 broker',
    'mq3 admin@mq3.example.com:22 broker',
    'server4 admin@192.0.2.104:22 balancer',
    'lb2 root@lb2.example.com:22 balancer',
  ]);
  const file = await readClusterFile(fileOf('five.yaml'));
  expect(file).toMatchObject({
    profile: { name: 'mirrored' },
    front_end: { virtual_addresses: [{ address: '192.0.2.110' }], mode: 'active/passive' },
  });
  expect(file.users.map(({ password }) => password?.from)).toEqual(['generate', 'generate']);
});

test('two virtual addresses make both balancers active', async () => {
  const front = [
    '--balancer',
    '10.0.0.4',
    '--balancer',
    '10.0.0.5',
    '--vip',
    '10.0.0.8',
    '--vip',
    '10.0.0.9',
  ];
  expect((await init('both.yaml', '10.0.0.1', '10.0.0.2', '10.0.0.3', ...front)).status).toBe(0);
  expect((await readClusterFile(fileOf('both.yaml'))).front_end?.mode).toBe('active/active');
});

test('federated: both files fit each other, and the passwords are what the other side asks for', async () => {
  const federated = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '--profile', 'federated'];
  const north = await init('north.yaml', ...federated, '--name', 'north', '--upstream', 'south=10.2.0.30');
  expect(north).toMatchObject({ status: 0, stderr: '' });
  const south = await init(
    'south.yaml',
    ...federated,
    '--name',
    'south',
    '--upstream',
    'north=10.1.0.1,10.1.0.2',
  );
  expect(south.status).toBe(0);
  const [here, there] = await Promise.all(
    ['north.yaml', 'south.yaml'].map((name) => readClusterFile(fileOf(name))),
  );
  expect(here?.profile).toMatchObject({
    name: 'federated',
    upstreams: [{ name: 'south', addresses: ['10.2.0.30'], user: 'federation', vhost: 'app' }],
  });
  expect(there?.profile).toMatchObject({
    upstreams: [{ name: 'north', addresses: ['10.1.0.1', '10.1.0.2'] }],
  });
  const federation = there?.users.find(({ name }) => name === 'federation');
  expect(federation?.password).toEqual({ from: 'env', name: 'SOUTH_PASSWORD' });
  expect(here?.profile).toMatchObject({ upstreams: [{ password: federation?.password }] });
  expect(there?.permissions).toContainEqual(expect.objectContaining({ user: 'federation', vhost: 'app' }));
});

test('a file that is there is not written over', async () => {
  writeFileSync(fileOf('mine.yaml'), 'name: mine\n');
  const { status, stderr } = await init('mine.yaml', 'a', 'b', 'c');
  expect(status).toBe(73);
  expect(stderr).toContain('is there already');
  expect(readFileSync(fileOf('mine.yaml'), 'utf8')).toBe('name: mine\n');
});

test.each([
  ['a password', ['root:secret@a'], 'a password cannot stand here'],
  ['no host', ['root@'], 'is not a host'],
  ['a port that is none', ['a:70000'], 'is not a host'],
  [
    'a virtual address that a host has',
    ['10.0.0.1', '--balancer', '10.0.0.2', '--vip', '10.0.0.1'],
    'is the address of host server1',
  ],
  ['federated with nobody', ['a', '--profile', 'federated'], 'needs another cluster: --upstream'],
  [
    'an upstream of another profile',
    ['a', '--profile', 'quorum', '--upstream', 's=b'],
    'is of profile federated',
  ],
  ['an upstream of this name', ['a', '--name', 'n', '--upstream', 'n=b'], 'two clusters of the name n'],
  ['an upstream without an address', ['a', '--upstream', 'south'], 'write name=address'],
  ['an upstream with a password', ['a', '--upstream', 's=amqp://me:secret@b'], 'is not an upstream'],
  ['nobody to ask', [], 'there is nobody to ask'],
])('refused, with nothing written: %s', async (_, args, said) => {
  const { status, stderr } = await init('refused.yaml', ...args);
  expect(status).toBe(64);
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('secret');
  expect(existsSync(fileOf('refused.yaml'))).toBe(false);
});

test('what is unwise is said', async () => {
  const { stderr } = await init('two.yaml', 'a', 'b');
  expect(stderr).toContain('with two nodes there is no majority');
  expect(statSync(fileOf('two.yaml')).isFile()).toBe(true);
});

/** A terminal of script(1): each answer is typed once its question is on the screen. */
async function dialogue(file: string, answers: readonly (readonly [string, string])[]) {
  const command = `'${process.execPath}' '${program}' init --file '${file}'`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: 'pipe' });
  const outcome = ended(child);
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += chunk;
  });
  for (const [question, answer] of answers) {
    await until(`'${question}' is asked`, async () => shown.includes(question));
    shown = '';
    child.stdin.write(answer);
  }
  const { status } = await outcome;
  return status;
}

test('asked at a prompt, a wrong answer is asked again', async () => {
  const status = await dialogue(fileOf('asked.yaml'), [
    ['Name of the cluster', 'notes\r'],
    ['Hosts of the nodes', '\r'],
    ['name at least one host', 'root@10.0.0.1, root@10.0.0.2 root@10.0.0.3\r'],
    ['outlive a node', '\r'],
    ['Hosts of the balancers', '10.0.0.4 10.0.0.5\r'],
    ['Virtual address', '10.0.0.9\r'],
  ]);
  expect(status).toBe(0);
  expect(await readClusterFile(fileOf('asked.yaml'))).toMatchObject({
    name: 'notes',
    profile: { name: 'quorum' },
    front_end: { virtual_addresses: [{ address: '10.0.0.9' }] },
  });
  expect(await hosts('asked.yaml')).toHaveLength(5);
});

test('asked for the other clusters where the profile has them', async () => {
  const up = '\x1b[A';
  const status = await dialogue(fileOf('asked-too.yaml'), [
    ['Name of the cluster', 'north\r'],
    ['Hosts of the nodes', '10.0.0.1\r'],
    ['outlive a node', `${up}\r`],
    ['Other clusters', 'south\r'],
    ['write name=address', '=10.2.0.30\r'],
    ['Hosts of the balancers', '\r'],
  ]);
  expect(status).toBe(0);
  expect((await readClusterFile(fileOf('asked-too.yaml'))).profile).toMatchObject({
    upstreams: [{ name: 'south', addresses: ['10.2.0.30'] }],
  });
});

test('Ctrl-C at a prompt: nothing is written', async () => {
  const status = await dialogue(fileOf('never.yaml'), [
    ['Name of the cluster', 'notes\r'],
    ['Hosts of the nodes', '\x03'],
  ]);
  expect(status).toBe(130);
  expect(existsSync(fileOf('never.yaml'))).toBe(false);
});
