import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeEngine, freeBase, Warren } from './warren.js';

let warren: Warren;
let base: number;

beforeAll(async () => {
  warren = new Warren();
  base = await freeBase(7);
  await warren.run(['up', '-n', '2', '--engine-dir', fakeEngine, '--port-base', String(base)]);
});
afterAll(() => warren.destroy());

const cluster = () => path.join(warren.state, 'warren', 'clusters', 'rabbit');
const asked = () => readFileSync(`${cluster()}/home/rabbitmqctl.log`, 'utf8').trim().split('\n');

interface Ps {
  clusters: { nodes: { node: string; state: string; amqp: number }[] }[];
}
const nodes = async () =>
  Object.fromEntries(
    (await warren.json<Ps>(['ps'])).clusters.flatMap((one) =>
      one.nodes.map(({ node, state }) => [node, state]),
    ),
  );

test('a node is known by its name, its short name or its number', async () => {
  for (const name of ['rabbit-2@localhost', 'rabbit-2', '2']) {
    expect((await warren.run(['node', 'pause', name])).stdout).toMatch(
      /^rabbit-2@localhost \(pid \d+\): paused/,
    );
    expect(await nodes()).toEqual({ 'rabbit-1@localhost': 'running', 'rabbit-2@localhost': 'paused' });
    await warren.run(['node', 'resume', name]);
  }
  const none = await warren.run(['node', 'pause', '7']);
  expect(none).toMatchObject({
    status: 64,
    stderr: expect.stringContaining('rabbit-1@localhost, rabbit-2@localhost'),
  });
});

test('stop, start, restart, kill', async () => {
  await warren.succeeds(['node', 'stop', '2']);
  expect(await nodes()).toMatchObject({ 'rabbit-2@localhost': 'stopped' });
  expect((await warren.run(['node', 'kill', '2'])).status).toBe(69);
  await warren.succeeds(['node', 'start', '2']);
  const before = await warren.json<{ pid: number }>(['node', 'start', '2']);
  const after = await warren.json<{ pid: number }>(['node', 'restart', '2']);
  expect(after.pid).not.toBe(before.pid);
  await warren.succeeds(['node', 'kill', '2']);
  expect(await nodes()).toMatchObject({ 'rabbit-2@localhost': 'stopped' });
  await warren.run(['node', 'start', '2']);
});

test('add: the next name and ports, told of the others; a failure leaves the cluster as it was', async () => {
  const failed = await warren.run(['node', 'add'], { FAKE_FAILS: 'rabbit-3' });
  expect(failed).toMatchObject({ status: 69, stderr: expect.stringContaining('cheese') });
  expect(Object.keys(await nodes())).toEqual(['rabbit-1@localhost', 'rabbit-2@localhost']);
  expect(existsSync(`${cluster()}/nodes/rabbit-3`)).toBe(false);
  const added = await warren.json(['node', 'add']);
  expect(added).toMatchObject({ node: 'rabbit-3@localhost', amqp: base + 2, state: 'running' });
  expect(readFileSync(`${cluster()}/nodes/rabbit-3/rabbitmq.conf`, 'utf8')).toContain(
    'nodes.1 = rabbit-1@localhost',
  );
  expect((await warren.run(['node', 'add', 'rabbit-3'])).status).toBe(73);
});

test('reset: a running node by its tool, a stopped one by its data', async () => {
  await warren.run(['node', 'reset', '3', '--yes']);
  expect(asked().slice(-3)).toEqual(
    ['stop_app', 'reset', 'start_app'].map((word) => `rabbit-3@localhost ${word}`),
  );
  await warren.run(['node', 'stop', '3']);
  const before = asked().length;
  await warren.succeeds(['node', 'reset', '3', '--yes']);
  expect(asked().length).toBe(before);
});

test('forget: only of a stopped node, asked of another', async () => {
  expect((await warren.run(['node', 'forget', '2', '--yes'])).status).toBe(69);
  await warren.succeeds(['node', 'forget', '3', '--yes']);
  expect(asked().at(-1)).toBe('rabbit-1@localhost forget_cluster_node rabbit-3@localhost');
});

test('remove: stopped, forgotten, gone', async () => {
  await warren.succeeds(['node', 'remove', '3', '--yes']);
  expect(Object.keys(await nodes())).toEqual(['rabbit-1@localhost', 'rabbit-2@localhost']);
  expect(existsSync(`${cluster()}/nodes/rabbit-3`)).toBe(false);
});

test('add: ports that somebody has are passed over', async () => {
  const somebody = createServer().listen(base + 10_002, '127.0.0.1');
  await once(somebody, 'listening');
  try {
    expect(await warren.json(['node', 'add', 'spare'])).toMatchObject({ amqp: base + 3, state: 'running' });
  } finally {
    somebody.close();
    await warren.run(['node', 'remove', 'spare', '--yes']);
  }
});

test("a tool's failure is shown in its own words, and the app is started again", async () => {
  const { status, stderr } = await warren.run(['node', 'reset', '2', '--yes'], { FAKE_CTL_FAILS: 'reset' });
  expect(status).toBe(69);
  expect(stderr).toContain('Error: this command is broken today');
  expect(asked().at(-1)).toBe('rabbit-2@localhost start_app');
});

test('env makes the tools address the node with its cookie, whatever the HOME', async () => {
  const { stdout } = await warren.run(['env', '--node', '2']);
  expect(stdout).toContain('export RABBITMQ_NODENAME=rabbit-2@localhost');
  expect(stdout).not.toContain('WARREN_NODE');
  const { execFileSync } = await import('node:child_process');
  execFileSync('sh', ['-c', 'eval "$LINES"; rabbitmqctl cluster_status'], {
    env: { PATH: process.env.PATH!, HOME: '/nowhere', LINES: stdout },
  });
  expect(asked().at(-1)).toBe('rabbit-2@localhost cluster_status');
});

test("the logs, each line with its node's name", async () => {
  const { stdout } = await warren.run(['logs', '--lines', '1']);
  expect(stdout).toBe('rabbit-1 | started rabbit-1@localhost\nrabbit-2 | started rabbit-2@localhost\n');
  expect((await warren.run(['logs', '--lines', '1', '--node', '2'])).stdout).toBe(
    'started rabbit-2@localhost\n',
  );
});
