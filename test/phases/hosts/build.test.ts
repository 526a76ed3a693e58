import { expect, test } from 'vitest';
import { WarrenError } from '../../../src/errors/warren-error.js';
import { configureBrokers } from '../../../src/phases/hosts/configure-brokers.js';
import { distributeCookie } from '../../../src/phases/hosts/distribute-cookie.js';
import { enablePlugins } from '../../../src/phases/hosts/enable-plugins.js';
import { installPackages } from '../../../src/phases/hosts/install-packages.js';
import { joinNodes } from '../../../src/phases/hosts/join-nodes.js';
import { keepSecrets } from '../../../src/phases/hosts/keep-secrets.js';
import { writeNames } from '../../../src/phases/hosts/names.js';
import { restartNodes } from '../../../src/phases/hosts/restart-nodes.js';
import { startNodes } from '../../../src/phases/hosts/start-nodes.js';
import { FakeCluster, threeNodes } from './fake-cluster.js';

const build = [
  installPackages,
  writeNames,
  keepSecrets,
  distributeCookie,
  configureBrokers,
  startNodes,
  joinNodes,
  restartNodes,
  enablePlugins,
];

const cookie = '/var/lib/rabbitmq/.erlang.cookie';
const conf = '/etc/rabbitmq/rabbitmq.conf';

async function built(text = threeNodes): Promise<FakeCluster> {
  const cluster = await FakeCluster.of(text);
  await cluster.run(build);
  return cluster;
}

test('blank hosts: the plan says it host by host and changes nothing; then it is done; then nothing is left', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  const plan = await cluster.run(build, { dryRun: true });
  expect(plan.changes.filter((sentence) => sentence.startsWith('server2'))).toEqual([
    'server2: install rabbitmq-server',
    'server2: replace /etc/hosts',
    'server2: write the Erlang cookie (a new one)',
    'server2: write /etc/rabbitmq/rabbitmq.conf',
    'server2: write /etc/rabbitmq/rabbitmq-env.conf',
    'server2: write /etc/rabbitmq/enabled_plugins',
    'server2: write /etc/systemd/system/rabbitmq-server.service.d/limits.conf',
    'server2: start rabbit@server2',
  ]);
  expect(cluster.commands).toEqual([]);

  const { asked } = await cluster.run(build);
  expect(asked).toEqual([]);
  const hosts = [...cluster.hosts.values()];
  const nodes = hosts.map(({ nodeName }) => nodeName);
  for (const host of hosts) expect(host).toMatchObject({ running: true, members: nodes });
  const cookies = hosts.map(({ transport }) => transport.file(cookie));
  expect(new Set(cookies.map((file) => file!.text)).size).toBe(1);
  expect(cookies[0]).toMatchObject({
    mode: 0o400,
    owner: 'rabbitmq',
    text: expect.stringMatching(/^[A-Z]{40}$/),
  });
  for (const { name, address, transport } of hosts) {
    expect(transport.file('/etc/hosts')!.text).toContain(`${address} ${name}\n`);
    expect(transport.file('/etc/hosts')!.text).not.toContain('127.0.1.1');
  }

  const again = await cluster.run(build);
  expect(again.changes).toEqual([]);
});

test('blank nodes: the first has a head start, and the others do not wait until it has booted', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  const order: string[] = [];
  let others = () => {};
  const othersStarted = new Promise<void>((resolve) => {
    others = resolve;
  });
  let listens = false;
  for (const { name, transport } of cluster.hosts.values()) {
    const start = transport.run.bind(transport);
    transport.run = async (file, args, options) => {
      if (file === 'grep') {
        order.push(`${name} asked`);
        listens = order.filter((line) => line === 'server1 asked').length > 3;
        return { status: listens ? 0 : 1, stdout: '', stderr: '' };
      }
      if (file === 'systemctl' && args.includes('start')) {
        order.push(`${name} started`);
        if (name === 'server3') others();
        // It has not booted before the others are started.
        if (name === 'server1') await othersStarted;
        else expect(listens).toBe(true);
      }
      return start(file, args, options);
    };
  }
  const { context } = await cluster.run(build);
  expect(context.failures.size).toBe(0);
  expect(order.filter((line) => line.endsWith('started'))[0]).toBe('server1 started');
});

test('blank nodes: if the first does not come up, the others do', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  cluster.host('server1').transport.answer(/^systemctl .*start/, { status: 1, stderr: 'no' });
  const { context } = await cluster.run(build);
  expect([...context.failures.keys()]).toEqual(['server1']);
  expect(cluster.host('server2').members).toEqual(['rabbit@server2', 'rabbit@server3']);
});

test('the cookie is on no command line, and in no sentence', async () => {
  const cluster = await built();
  const secret = cluster.host('server1').transport.file(cookie)!.text;
  expect(cluster.commands.join('\n')).not.toContain(secret);
});

test('a node with another cookie is stopped before it is replaced, and started again', async () => {
  const cluster = await built();
  const { transport } = cluster.host('server3');
  const right = transport.file(cookie)!;
  transport.place(cookie, 'WRONG', right);
  const { changes, asked } = await cluster.run(build);
  expect(changes).toEqual([
    'server3: stop the node and replace the Erlang cookie (that of server1)',
    'server3: start rabbit@server3',
  ]);
  expect(asked).toEqual(['stops the node of server3 while its cookie is replaced']);
  expect(transport.file(cookie)).toEqual(right);
  expect(cluster.host('server3').running).toBe(true);
});

test('one host that fails is out; the others go on, and what needs all of them waits', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  const error = WarrenError.of('HOST_UNREACHABLE', {
    host: 'server2',
    address: '192.0.2.102',
    reason: 'off',
  });
  cluster.host('server2').transport.answer(/policy-rc.d/, () => {
    throw error;
  });
  const { context } = await cluster.run(build);
  expect([...context.failures.keys()]).toEqual(['server2']);
  expect(context.failures.get('server2')).toMatchObject({
    phase: 'Install packages',
    report: { code: 'HOST_UNREACHABLE' },
  });
  expect(context.putOff).toEqual(expect.arrayContaining([{ phase: joinNodes.title, waitsFor: ['server2'] }]));
  expect(cluster.host('server1').running).toBe(true);
  expect(cluster.host('server2').running).toBe(false);

  cluster.host('server2').transport.answer(/policy-rc.d/, () => {
    cluster.host('server2').installed();
    return '';
  });
  await cluster.run(build);
  expect(cluster.host('server2').members).toHaveLength(3);
  expect((await cluster.run(build)).changes).toEqual([]);
});

test('a setting that a running node has to read again restarts it, with the word of the user', async () => {
  const cluster = await built();
  const { transport } = cluster.host('server2');
  transport.place(
    conf,
    transport.file(conf)!.text.replace(/^heartbeat.*$/m, 'heartbeat = 1'),
    transport.file(conf),
  );
  const { changes, asked } = await cluster.run(build, { dryRun: true });
  expect(changes).toEqual([`server2: replace ${conf}`, `server2: restart rabbit@server2 (${conf} changed)`]);
  expect(asked).toHaveLength(1);
  await cluster.run(build);
  expect(transport.lines.at(-1)).toContain('rabbitmqctl await_startup');
  expect(transport.file('/run/warren/restart')).toBeUndefined();
  expect((await cluster.run(build)).changes).toEqual([]);
});

test('what matters at a first start only restarts nobody', async () => {
  const cluster = await built();
  const { transport } = cluster.host('server2');
  const old = transport.file(conf)!;
  transport.place(conf, old.text.replace(/^cluster_formation.*$/gm, ''), old);
  expect((await cluster.run(build)).changes).toEqual([`server2: replace ${conf}`]);
});

test('one that was interrupted between writing and restarting is finished by the next', async () => {
  const cluster = await built();
  const { transport } = cluster.host('server2');
  transport.place(
    conf,
    transport.file(conf)!.text.replace(/^heartbeat.*$/m, 'heartbeat = 1'),
    transport.file(conf),
  );
  await cluster.run([configureBrokers]);
  const { changes } = await cluster.run(build);
  expect(changes).toEqual([`server2: restart rabbit@server2 (${conf} changed)`]);
  expect((await cluster.run(build)).changes).toEqual([]);
});

test('a blank host under a member’s name: the others forget the one whose data is gone', async () => {
  const cluster = await built();
  const lost = cluster.host('server3');
  Object.assign(lost, { running: false, members: undefined });
  const { changes } = await cluster.run(build);
  expect(changes).toEqual([
    'server1: forget the rabbit@server3 whose data is gone',
    'server3: start rabbit@server3',
  ]);
  expect(lost.members).toHaveLength(3);
});

test('a node that is apart joins when it is empty, and is left alone when it holds something', async () => {
  const cluster = await built();
  const apart = cluster.host('server3');
  cluster.forget('rabbit@server3');
  Object.assign(apart, { members: ['rabbit@server3'], vhosts: ['/', 'precious'] });
  await expect(cluster.run(build)).rejects.toMatchObject({
    code: 'NODE_HOLDS',
    message: expect.stringContaining('vhost precious'),
  });
  expect(apart.vhosts).toContain('precious');
  apart.vhosts = ['/'];
  const { changes } = await cluster.run(build);
  expect(changes).toEqual(['server3: join rabbit@server3 to the cluster of rabbit@server1']);
  expect((await cluster.run(build)).changes).toEqual([]);
});

test('a node that the others have forgotten is apart, however many it believes itself to be with', async () => {
  const cluster = await built(threeNodes.replace(/ {2}- \{name: server3.*\n/, ''));
  const forgotten = cluster.host('server1');
  cluster.forget('rabbit@server1');
  Object.assign(forgotten, { running: false, members: ['rabbit@server1', 'rabbit@server2'] });
  const { changes } = await cluster.run(build, { dryRun: true });
  expect(changes).toEqual([
    'server1: start rabbit@server1',
    'server1: join rabbit@server1 to the cluster of rabbit@server2',
  ]);
});

test('hosts outside of the limit are looked at and left alone', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  const { changes } = await cluster.run(build, { limit: new Set(['server2']) });
  expect(new Set(changes.map((sentence) => sentence.split(':')[0]))).toEqual(new Set(['server2']));
  expect(cluster.host('server1').packages.size).toBe(0);
});

test('generated secrets are kept on every broker, for root alone, and stay the same', async () => {
  const text = `${threeNodes}users:\n  - {name: app, password: generate}\n`;
  const cluster = await built(text);
  const files = [...cluster.hosts.values()].map(({ transport }) =>
    transport.file('/etc/warren/secrets.json'),
  );
  expect(new Set(files.map((file) => file!.text)).size).toBe(1);
  expect(files[0]).toMatchObject({ mode: 0o600, owner: 'root' });
  cluster.host('server1').transport.place('/etc/warren/secrets.json', '{}', files[0]);
  await cluster.run(build);
  expect(cluster.host('server1').transport.file('/etc/warren/secrets.json')!.text).toBe(files[0]!.text);
});
