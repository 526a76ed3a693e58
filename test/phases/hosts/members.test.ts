import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { cookieInMemory } from '../../../src/drivers/cookie/cookie-files.js';
import { reportOf } from '../../../src/errors/warren-error.js';
import { forgetting, removing } from '../../../src/operations/members.js';
import { applyDefinitions } from '../../../src/phases/hosts/apply-definitions.js';
import { buryNode } from '../../../src/phases/hosts/bury-node.js';
import { clearHosts, stopServices } from '../../../src/phases/hosts/clear-hosts.js';
import { configureBrokers } from '../../../src/phases/hosts/configure-brokers.js';
import { departNode, forgetNode } from '../../../src/phases/hosts/depart.js';
import { distributeCookie } from '../../../src/phases/hosts/distribute-cookie.js';
import { drainNodes } from '../../../src/phases/hosts/drain-nodes.js';
import { installPackages } from '../../../src/phases/hosts/install-packages.js';
import { writeNames } from '../../../src/phases/hosts/names.js';
import { limited, without } from '../../../src/phases/hosts/narrowed.js';
import { resetNode } from '../../../src/phases/hosts/reset-node.js';
import { restartNodes } from '../../../src/phases/hosts/restart-nodes.js';
import { rollingRestart } from '../../../src/phases/hosts/rolling-restart.js';
import { rotateCookie } from '../../../src/phases/hosts/rotate-cookie.js';
import { startNodes } from '../../../src/phases/hosts/start-nodes.js';
import { FakeCluster, threeNodes } from './fake-cluster.js';

const cookie = '/var/lib/rabbitmq/.erlang.cookie';
const all = ['server1', 'server2', 'server3'];

async function built(): Promise<FakeCluster> {
  const cluster = await FakeCluster.of(threeNodes);
  await cluster.run([installPackages, writeNames, distributeCookie, configureBrokers, startNodes]);
  for (const { transport } of cluster.hosts.values()) transport.log.length = 0;
  return cluster;
}

test('a rolling restart is through with one node before it goes on to the next', async () => {
  const cluster = await built();
  const order: string[] = [];
  for (const { name, transport } of cluster.hosts.values()) {
    for (const [what, line] of [
      ['check', /check_if_node_is_quorum/],
      ['drain', /rabbitmq-upgrade drain/],
      ['revive', /rabbitmq-upgrade revive/],
    ] as const) {
      transport.answer(line, () => {
        order.push(`${name} ${what}`);
        return '';
      });
    }
  }
  const { changes, asked } = await cluster.run([rollingRestart(all)]);
  expect(order).toEqual(all.flatMap((name) => ['check', 'drain', 'revive'].map((what) => `${name} ${what}`)));
  expect(changes.slice(0, 4)).toEqual([
    'server1: drain rabbit@server1: leaders move away, its connections end',
    'server1: stop rabbit@server1',
    'server1: start rabbit@server1',
    'server1: revive rabbit@server1',
  ]);
  expect(asked).toHaveLength(3);
});

test('a rolling restart does not begin while a node is down', async () => {
  const cluster = await built();
  cluster.host('server3').running = false;
  await expect(cluster.run([rollingRestart(['server1'])])).rejects.toMatchObject({
    code: 'CLUSTER_NOT_WHOLE',
  });
  expect(cluster.commands).toEqual([]);
});

test('a node that is partitioned is restarted as it stands, with the word of the user, and not all nodes are', async () => {
  const cluster = await built();
  cluster.host('server3').partitions = ['rabbit@server1', 'rabbit@server2'];
  cluster.host('server3').transport.answer(/check_if_node/, { status: 69, stderr: 'every queue needs it' });
  await expect(cluster.run([rollingRestart(all)])).rejects.toMatchObject({ code: 'CLUSTER_NOT_WHOLE' });
  expect(cluster.commands).toEqual([]);
  const { changes, asked } = await cluster.run([rollingRestart(['server3'])]);
  expect(changes).toEqual(['server3: stop rabbit@server3', 'server3: start rabbit@server3']);
  expect(asked).toEqual([
    'rabbit@server3 is partitioned from rabbit@server1, rabbit@server2: what it has taken in since then is lost',
  ]);
});

test('a node is spared only when no queue depends on it: until then it is asked again', async () => {
  const cluster = await built();
  let left = 2;
  cluster.host('server2').transport.answer(/mirror_sync_critical/, () => {
    left -= 1;
    return left >= 0 ? { status: 69, stderr: 'queue q has no synchronised mirror' } : '';
  });
  const { changes } = await cluster.run([drainNodes(['server2'])]);
  expect(left).toBe(-1);
  expect(changes).toHaveLength(1);
});

test('a node that departs: drained, stopped, forgotten by a mate; the plan says the same', async () => {
  const cluster = await built();
  const plan = await cluster.run([departNode('server3')], { dryRun: true });
  const sentences = [
    'server3: drain rabbit@server3: leaders move away, its connections end',
    'server3: stop and disable the service of rabbit@server3',
    'server1: forget rabbit@server3',
    'server3: delete the data of rabbit@server3',
  ];
  expect(plan.changes).toEqual(sentences);
  expect(cluster.commands).toEqual([]);
  const { changes, asked } = await cluster.run([departNode('server3')]);
  expect(changes).toEqual(sentences);
  expect(asked[1]).toContain('what only it holds is lost');
  expect(cluster.host('server3').running).toBe(false);
  expect(cluster.host('server1').members).toEqual(['rabbit@server1', 'rabbit@server2']);
});

test('nothing of a node is left in the files of the others', async () => {
  const cluster = await built();
  await cluster.run([departNode('server3')]);
  const rest = [writeNames, configureBrokers].map((phase) => without(phase, 'server3'));
  await cluster.run(rest);
  for (const name of ['server1', 'server2']) {
    const { transport } = cluster.host(name);
    for (const path of ['/etc/hosts', '/etc/rabbitmq/rabbitmq.conf']) {
      expect(transport.file(path)!.text, `${name}:${path}`).not.toContain('server3');
    }
  }
  expect((await cluster.run(rest)).changes).toEqual([]);
});

test('of three nodes one is removed: the two that stay are restarted in the same run, and not by the next apply', async () => {
  const cluster = await built();
  const { context } = await cluster.run([]);
  const { changes } = await cluster.run(removing(context, 'server3').phases.slice(0, -1));
  for (const name of ['server1', 'server2']) {
    expect(cluster.host(name).transport.file('/etc/rabbitmq/rabbitmq.conf')!.text).not.toContain(
      'pause_minority',
    );
    expect(changes).toContain(`${name}: restart rabbit@${name} (/etc/rabbitmq/rabbitmq.conf changed)`);
    // While the first is restarted, the other would be a minority by the rule for three.
    const told = cluster.host(name).transport.log.flatMap((one) => (one.act === 'run' ? one.line : []));
    expect(told).toContainEqual(expect.stringContaining('cluster_partition_handling, autoheal'));
  }
  const rest = [writeNames, configureBrokers, restartNodes].map((phase) => without(phase, 'server3'));
  expect((await cluster.run(rest)).changes).toEqual([]);
});

test('a node that runs is not forgotten; one that is down is', async () => {
  const cluster = await built();
  await expect(cluster.run([forgetNode('server2')])).rejects.toMatchObject({ code: 'MEMBER_RUNS' });
  cluster.host('server2').running = false;
  const { changes } = await cluster.run([forgetNode('server2')]);
  expect(changes).toEqual(['server1: forget rabbit@server2']);
  expect((await cluster.run([forgetNode('server2')])).changes).toEqual([]);
});

test('a node whose host is dead is forgotten by the others: its host need not be reached', async () => {
  const cluster = await built();
  cluster.host('server3').running = false;
  const { context } = await cluster.run([]);
  context.failures.set('server3', { phase: 'look', report: reportOf(new Error('no answer')) });
  const { changes, phases } = forgetting(context, 'server3');
  expect(changes).toEqual(['server1', 'server2']);
  const reached = context.hosts.filter(({ name }) => name !== 'server3');
  expect((await cluster.run(phases, { hosts: reached })).changes).toEqual(['server1: forget rabbit@server3']);
});

test('a host in the place of one that died: forgotten, then built as a new one', async () => {
  const cluster = await built();
  const dead = cluster.host('server3');
  Object.assign(dead, { running: false, members: undefined });
  const { changes } = await cluster.run([buryNode('server3'), limited(startNodes, ['server3'])]);
  expect(changes).toEqual(['server1: forget rabbit@server3', 'server3: start rabbit@server3']);
  expect(cluster.host('server1').members).toEqual(all.map((name) => `rabbit@${name}`));
});

test('a replacement that was broken off once the new node had joined is gone on with by the same command', async () => {
  const cluster = await built();
  expect((await cluster.run([buryNode('server3')])).changes).toEqual([]);
});

test('a node that runs by itself is not buried', async () => {
  const cluster = await built();
  cluster.forget('rabbit@server3');
  cluster.host('server3').members = ['rabbit@server3'];
  await expect(cluster.run([buryNode('server3')])).rejects.toMatchObject({ code: 'MEMBER_RUNS' });
});

test('a reset asks, and takes the node out and in again by its own tool', async () => {
  const cluster = await built();
  const { asked } = await cluster.run([resetNode('server2')]);
  expect(asked).toEqual(['deletes all that rabbit@server2 holds']);
  expect(cluster.commands.filter((line) => /stop_app|reset|start_app/.test(line))).toEqual([
    'server2: rabbitmqctl stop_app',
    'server2: rabbitmqctl reset',
    'server2: rabbitmqctl start_app',
  ]);
});

test('a cookie is rotated in running nodes once all hosts have it, and is on no command line', async () => {
  const cluster = await built();
  const before = cluster.host('server1').transport.file(cookie)!.text;
  const order: string[] = [];
  for (const { name, transport } of cluster.hosts.values()) {
    transport
      .answer(/^sh -c .*warren-cookie/s, '')
      .answer(/eval lists:flatten/, `"${'a'.repeat(64)}"\n`)
      .answer(/eval begin/, () => {
        order.push(...all.filter((one) => cluster.host(one).transport.file(`${cookie}.next`)));
        transport.place(cookie, transport.file(`${cookie}.next`)!.text, {
          mode: 0o400,
          owner: 'rabbitmq',
          group: 'rabbitmq',
        });
        expect(name).toMatch(/server/);
        return 'ok\n';
      });
  }
  const { changes, asked } = await cluster.run([rotateCookie]);
  expect(asked).toEqual([]);
  expect(changes).toEqual([
    ...all.map((name) => `${name}: lay the new cookie beside the old one`),
    ...all.map((name) => `${name}: rabbit@${name} takes it over, running`),
  ]);
  expect(order.slice(0, 3)).toEqual(all);
  const after = all.map((name) => cluster.host(name).transport.file(cookie)!.text);
  expect(new Set(after).size).toBe(1);
  expect(after[0]).not.toBe(before);
  expect(cluster.commands.join('\n')).not.toContain(after[0]!);
});

test('a rotation that is interrupted leaves no node stopped, and no copy of the cookie', async () => {
  const cluster = await built();
  const abort = new AbortController();
  for (const { transport } of cluster.hosts.values()) {
    transport.answer(/^sh -c .*warren-cookie/s, '').answer(/eval lists:flatten/, { status: 69 });
  }
  const { transport } = cluster.host('server2');
  transport.answer(/^mv/, () => {
    abort.abort(new Error('Ctrl-C'));
    throw abort.signal.reason;
  });
  const run = cluster.run([rotateCookie], { signal: abort.signal, concurrency: 1 });
  cluster.host('server1').transport.answer(/^mv/, '');
  await expect(run).rejects.toThrow('Ctrl-C');
  for (const host of cluster.hosts.values()) {
    expect(host.running).toBe(true);
    expect(host.transport.file(`${cookie}.next`)).toBeUndefined();
  }
});

test('the cookie of a running node that does not let its tools in is not known', async () => {
  const cluster = await built();
  const { transport } = cluster.host('server1');
  transport.answer(/eval/, { status: 69, stderr: 'Error: unable to perform an operation on node' });
  expect(await cookieInMemory(transport, new AbortController().signal)).toBeUndefined();
});

test('a host is cleared of what was put there, and of nothing else', async () => {
  const cluster = await built();
  const { transport } = cluster.host('server2');
  transport.place('/etc/haproxy/haproxy.cfg', 'global\n  # of somebody else\n');
  transport.place('/etc/rabbitmq/tls/ca.pem', '# Written by warren: the next apply replaces it.\n');
  transport.answer(/^rmdir/, '');
  transport.answer(/^mv/, ({ args }) => {
    const [from, to] = args.slice(-2) as [string, string];
    transport.place(to, transport.file(from)!.text);
    return '';
  });
  const { changes, asked } = await cluster.run(
    [stopServices, clearHosts].map((phase) => limited(phase, ['server2'])),
  );
  expect(asked).toContain('stops its services, for good');
  expect(asked).toContain('deletes all messages and definitions of rabbit@server2');
  expect(changes).toContain('server2: remove /etc/rabbitmq/rabbitmq.conf');
  expect(transport.file('/etc/rabbitmq/rabbitmq.conf')).toBeUndefined();
  expect(transport.file(cookie)).toBeUndefined();
  expect(transport.file('/etc/rabbitmq/tls/ca.pem')).toBeUndefined();
  const folders = transport.lines
    .filter((line) => line.startsWith('rmdir'))
    .map((line) => line.split(' ').at(-1));
  expect(folders).toContain('/etc/rabbitmq/tls');
  expect(folders).not.toContain('/etc/rabbitmq');
  expect(transport.file('/etc/haproxy/haproxy.cfg')!.text).toContain('somebody else');
  expect(transport.file('/etc/hosts')!.text).toBe('127.0.0.1 localhost\n127.0.1.1 server2\n');
  expect(cluster.host('server1').running).toBe(true);
});

test('a plan to clear a host touches nothing on it', async () => {
  const cluster = await built();
  const { transport } = cluster.host('server2');
  const log = transport.log.length;
  await cluster.run([stopServices, clearHosts], { dryRun: true });
  expect(transport.log.slice(log).filter(({ act }) => act !== 'run')).toEqual([]);
});

test('a node is not forgotten, and not said to be, when no member can be told', async () => {
  const cluster = await built();
  for (const host of cluster.hosts.values()) host.running = false;
  for (const phase of [forgetNode('server3'), departNode('server3')]) {
    const wish = cluster.run([phase], { dryRun: true });
    await expect(wish).rejects.toMatchObject({ code: 'NO_MEMBER_RUNS' });
  }
  expect(cluster.commands.filter((line) => /forget|systemctl/.test(line))).toEqual([]);
});

test('a node whose API takes a connection and says nothing is silent, and named so, within the patience', async () => {
  const cluster = await built();
  for (const { facts } of cluster.hosts.values()) facts.push('listener\t15672 * beam.smp 7');
  const connect = async ({ name }: { name: string }) => {
    if (name !== 'server2') throw new Error('no API here');
    return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  };
  const { context } = await cluster.run([], { connect, patienceMs: 50 });
  expect([...context.view.silent]).toEqual([
    ['server2', 'rabbit@server2 runs and has not answered in 0.05 s'],
  ]);
  expect([...context.view.nodes.keys()]).toEqual(['server1', 'server3']);
});

test('guest goes from a new cluster without a word, and is asked about where somebody uses the cluster', async () => {
  const cluster = await FakeCluster.of(`${threeNodes}
users: [{name: admin, password: env:PASSWORD, tags: [administrator], permissions: [{vhost: /}]}]
`);
  const blank = await cluster.run([applyDefinitions], { dryRun: true });
  expect(blank.changes.at(-1)).toBe('server1: delete user guest');
  expect(blank.asked).toEqual([]);
  await cluster.run([installPackages, writeNames, distributeCookie, configureBrokers, startNodes]);
  const holds = (...vhosts: string[]) => {
    const definitions = { users: [{ name: 'guest' }], vhosts: vhosts.map((name) => ({ name })) };
    for (const { transport } of cluster.hosts.values())
      transport.answer(/export_definitions/, JSON.stringify(definitions));
  };
  holds('/');
  expect((await cluster.run([applyDefinitions], { dryRun: true })).asked).toEqual([]);
  holds('/', 'theirs');
  expect((await cluster.run([applyDefinitions], { dryRun: true })).asked).toEqual([
    'deletes user guest, whose password everybody knows: whoever logs in as guest is turned away: no connections of guest now; the cluster has vhost theirs besides',
  ]);
});
