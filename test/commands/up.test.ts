import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../engines/until.js';
import { ended, fakeEngine, freeBase, Warren } from './warren.js';

let warren: Warren;
let base: number;
let up: string[];

beforeEach(async () => {
  warren = new Warren();
  base = await freeBase();
  up = ['up', '--engine-dir', fakeEngine, '--port-base', String(base)];
});

afterEach(() => warren.destroy());

interface Ps {
  clusters: { cluster: string; nodes: { node: string; state: string; pid: number | null }[] }[];
}

const states = async () =>
  (await warren.json<Ps>(['ps'])).clusters.flatMap(({ nodes }) => nodes.map(({ state }) => state));

const root = () => path.join(warren.state, 'warren');
const cluster = (name = 'rabbit') => path.join(root(), 'clusters', name);

/** Processes that have this test's state folder in their environment: nodes, and nothing else of warren's. */
function leftProcesses(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`WARREN_NODE=${warren.state}`);
    } catch {
      return false;
    }
  });
}

function occupy(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

test('three nodes run, know each other by their configuration, and mirror every queue', async () => {
  const { status, stdout } = await warren.run(up);
  expect(status).toBe(0);
  expect(stdout).toMatch(/rabbit-3@localhost +running +\d+ +http:\/\/127\.0\.0\.1:\d+\/ +\d+/);
  expect(stdout).toMatch(/node \S*run\.js publish --queue hello "Hello"/);
  expect(await states()).toEqual(['running', 'running', 'running']);
  const conf = readFileSync(`${cluster()}/nodes/rabbit-2/rabbitmq.conf`, 'utf8');
  expect(conf).toContain('cluster_formation.classic_config.nodes.3 = rabbit-3@localhost');
  const [put] = readFileSync(`${cluster()}/home/puts.log`, 'utf8').split('\n');
  expect(put).toContain('/api/policies/%2F/ha-all');
  expect(JSON.parse(put!.slice(put!.indexOf('{')))).toMatchObject({
    pattern: '^(?!amq\\.)',
    definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic' },
  });
});

test('its files are for the user alone, and the cookie for reading only', async () => {
  await warren.run(up);
  expect(statSync(cluster()).mode & 0o077).toBe(0);
  const cookie = `${cluster()}/home/.erlang.cookie`;
  expect(statSync(cookie).mode & 0o777).toBe(0o400);
  expect(readFileSync(cookie, 'utf8').length).toBeGreaterThanOrEqual(32);
});

test('typed again it changes nothing; a node that was killed is started again', async () => {
  await warren.run(up);
  const again = await warren.run(up);
  expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('runs already') });
  await warren.run(['node', 'kill', '2']);
  expect(await states()).toEqual(['running', 'stopped', 'running']);
  await warren.succeeds(['up']);
  expect(await states()).toEqual(['running', 'running', 'running']);
});

test('another shape is refused, with the difference and what to type', async () => {
  await warren.run([...up, '-n', '1']);
  const { status, stderr } = await warren.run([...up, '-n', '2', '--ha', 'none']);
  expect(status).toBe(73);
  expect(stderr).toContain('it has nodes 1, you asked for 2');
  expect(stderr).toContain('it has ha all, you asked for none');
  expect(stderr).toContain('--purge');
});

test('a port in use is said before anything starts, with who holds it and what to type', async () => {
  const server = await occupy(base + 10_001);
  try {
    const { status, stderr } = await warren.run(up);
    expect(status).toBe(73);
    expect(stderr).toContain(`port ${base + 10_001}, wanted for rabbit-2@localhost`);
    expect(stderr).toContain(`(pid ${process.pid})`);
    expect(stderr).toMatch(/--port-base \d+/);
    expect(existsSync(root())).toBe(false);
  } finally {
    server.close();
  }
});

test('a node that fails takes the whole back: no process, no file, and its last words are shown', async () => {
  const { status, stderr } = await warren.run(up, { FAKE_FAILS: 'rabbit-2' });
  expect(status).toBe(69);
  expect(stderr).toContain('node rabbit-2@localhost did not start: it exited with status 1');
  expect(stderr).toContain('the disk is made of cheese');
  expect(leftProcesses()).toEqual([]);
  expect(existsSync(root())).toBe(false);
});

test('a node name in use is called that', async () => {
  const { status, stderr } = await warren.run(up, { FAKE_NAME_TAKEN: 'rabbit-1' });
  expect(status).toBe(73);
  expect(stderr).toContain('a node named rabbit-1@localhost runs on this machine already');
});

test('a node that never gets ready ends in an error that says what was waited for', async () => {
  const { status, stderr } = await warren.run([...up, '--timeout', '1'], { FAKE_HANGS: 'rabbit-3' });
  expect(status).toBe(69);
  expect(stderr).toContain('rabbit-3@localhost was not ready after 1 s (waited for its AMQP port)');
  expect(leftProcesses()).toEqual([]);
});

test('the data of a cluster that existed before is not removed when it fails to start again', async () => {
  await warren.run(up);
  await warren.run(['down']);
  writeFileSync(`${cluster()}/nodes/rabbit-1/data/precious`, 'data');
  const { status } = await warren.run(['up'], { FAKE_FAILS: 'rabbit-2' });
  expect(status).toBe(69);
  expect(readFileSync(`${cluster()}/nodes/rabbit-1/data/precious`, 'utf8')).toBe('data');
  expect(leftProcesses()).toEqual([]);
});

test('two at once: the second is told who is at work and since when', async () => {
  const first = warren.start([...up, '--timeout', '30'], { FAKE_HANGS: 'rabbit-3' });
  const firstEnded = ended(first);
  await until('the lock is taken', async () => existsSync(`${root()}/locks/rabbit.lock`));
  const { status, stdout } = await warren.run([...up, '--json']);
  expect(status).toBe(75);
  const { error } = JSON.parse(stdout);
  expect(error).toMatchObject({ code: 'CLUSTER_BUSY', status: 75 });
  expect(error.message).toContain(`pid ${first.pid}`);
  expect(error.message).toMatch(/warren up .* since \d{4}-/);
  first.kill('SIGINT');
  expect((await firstEnded).status).toBe(130);
});

test('Ctrl-C in the middle leaves nothing', async () => {
  const child = warren.start(up, { FAKE_HANGS: 'rabbit-3' });
  const outcome = ended(child);
  await until('three nodes are launched', async () => leftProcesses().length === 3);
  child.kill('SIGINT');
  const { status, stderr } = await outcome;
  expect(status).toBe(130);
  expect(stderr).toContain('interrupted (SIGINT)');
  expect(leftProcesses()).toEqual([]);
  expect(existsSync(root())).toBe(false);
});

test('a warren that was killed in the middle is taken over by the next', async () => {
  const child = warren.start(up, { FAKE_HANGS: 'rabbit-3' });
  const outcome = ended(child);
  await until('three nodes are launched', async () => leftProcesses().length === 3);
  child.kill('SIGKILL');
  await outcome;
  expect(existsSync(`${root()}/locks/rabbit.lock`)).toBe(true);
  await warren.run(['node', 'kill', '3']);
  await warren.succeeds(['up']);
  expect(await states()).toEqual(['running', 'running', 'running']);
});

test('after a restart of the machine, pids that belong to others now are seen as stopped', async () => {
  await warren.run(up);
  await warren.run(['down']);
  // What a crash leaves: pid files that name a process of today which is not a node.
  for (const node of ['rabbit-1', 'rabbit-2', 'rabbit-3']) {
    writeFileSync(`${cluster()}/nodes/${node}/node.pid`, `${process.pid}\n`);
  }
  mkdirSync(`${root()}/locks`, { recursive: true });
  const stale = { pid: process.pid, startTime: '1', boot: 'another', command: 'warren up', since: 'then' };
  writeFileSync(`${root()}/locks/rabbit.lock`, JSON.stringify(stale));
  expect(await states()).toEqual(['stopped', 'stopped', 'stopped']);
  await warren.succeeds(['up']);
  expect(await states()).toEqual(['running', 'running', 'running']);
});

test('down stops; with --purge nothing is left: no process, no port, no file', async () => {
  await warren.run(up);
  await warren.succeeds(['down']);
  expect(leftProcesses()).toEqual([]);
  expect(await states()).toEqual(['stopped', 'stopped', 'stopped']);
  await warren.run(['up']);
  await warren.succeeds(['down', '--purge']);
  expect(leftProcesses()).toEqual([]);
  expect(existsSync(root())).toBe(false);
  (await occupy(base)).close();
});

test('a paused node that would not stop by itself is ended all the same', async () => {
  await warren.run([...up, '-n', '1'], {});
  await warren.run(['node', 'pause', '1']);
  expect(await states()).toEqual(['paused']);
  await warren.succeeds(['down', '--purge']);
  expect(leftProcesses()).toEqual([]);
});

test('an unknown engine, and a folder that is none', async () => {
  const unknown = await warren.run(['up', '--engine', 'rabitmq']);
  expect(unknown).toMatchObject({ status: 64, stderr: expect.stringContaining('--engine rabbitmq') });
  const empty = path.join(warren.state, 'empty');
  mkdirSync(empty);
  const none = await warren.run(['up', '--engine', 'rabbitmq', '--engine-dir', empty]);
  expect(none).toMatchObject({ status: 69, stderr: expect.stringContaining('has no rabbitmq-server') });
  rmSync(empty, { recursive: true });
});

test('a cluster file with an error is said with file, line and column, and the word that was meant', async () => {
  const file = path.join(warren.state, 'warren.yaml');
  writeFileSync(file, 'name: blue\nnodes: 2\npolcies: []\n');
  const { status, stderr } = await warren.run(['up', '--file', file]);
  expect(status).toBe(78);
  expect(stderr).toContain(`${file}:3:1`);
  expect(stderr).toContain("did you mean 'policies'?");
});

test('a cluster file gives names, ports, vhosts and users', async () => {
  const file = path.join(warren.state, 'warren.yaml');
  writeFileSync(
    file,
    `name: blue
engine_dir: ${fakeEngine}
port_base: ${base}
nodes:
  - name: alpha
  - name: beta
ha: none
vhosts: [orders]
users:
  - name: app
    password: secret
    permissions: [{ vhost: orders }]
rabbitmq:
  config: { heartbeat: 30, listeners.tcp.default: 5999 }
  limits: { open_files: 2048 }
`,
  );
  const { status, stdout, stderr } = await warren.run(['up', '--file', file]);
  expect(status).toBe(0);
  expect(stdout).toContain('beta@localhost');
  expect(stderr).toContain("names and ports on this machine are up's own: listeners.tcp.default");
  expect(stderr).toContain('not used here: rabbitmq.limits');
  const conf = readFileSync(`${cluster('blue')}/nodes/beta/rabbitmq.conf`, 'utf8');
  expect(conf).toMatch(/From the cluster file\.\nheartbeat = 30\n$/);
  const puts = readFileSync(`${cluster('blue')}/home/puts.log`, 'utf8')
    .trim()
    .split('\n');
  expect(puts.map((put) => put.split(' ')[0])).toEqual([
    '/api/vhosts/orders',
    '/api/users/app',
    '/api/permissions/orders/app',
  ]);
  writeFileSync(file, readFileSync(file, 'utf8').replace('heartbeat: 30', 'heartbeat: 40'));
  const again = await warren.run(['up', '--file', file]);
  expect(again.stderr).toContain('alpha@localhost, beta@localhost will read the changed configuration when');
});

test('in the foreground, the logs are shown until Ctrl-C, which stops the cluster', async () => {
  const child = warren.start([...up, '-n', '1', '--foreground']);
  const outcome = ended(child);
  await until('the node runs', async () => (await states())[0] === 'running');
  const log = `${cluster()}/nodes/rabbit-1/log/rabbit-1@localhost.log`;
  let shown = '';
  child.stdout?.on('data', (chunk) => {
    shown += chunk;
  });
  await until('a line of the log is shown', async () => {
    writeFileSync(log, 'something happened\n', { flag: 'a' });
    return shown.includes('something happened');
  });
  child.kill('SIGINT');
  expect((await outcome).status).toBe(130);
  expect(await states()).toEqual(['stopped']);
});
