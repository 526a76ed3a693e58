import { createServer } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { promisedOf, replicatedQueue } from '../../../src/phases/hosts/replicated-queue.js';
import { verify } from '../../../src/phases/hosts/verify.js';
import { FakeCluster, type FakeHost, threeNodes } from './fake-cluster.js';

/** A way to a port that speaks AMQP. */
function answering(): Duplex {
  return new Duplex({
    read() {},
    write(_, __, done) {
      this.push('\x01');
      done();
    },
  });
}

const administrator = 'users: [{name: admin, tags: [administrator], password: env:PASSWORD}]\n';

async function problems(amiss: (host: FakeHost) => void, text = threeNodes): Promise<string> {
  const cluster = await FakeCluster.of(text);
  const members = [...cluster.hosts.values()].map(({ nodeName }) => nodeName);
  for (const host of cluster.hosts.values()) {
    Object.assign(host.installed(), { running: true, members });
    host.facts.push('listener\t15672 * beam.smp 7');
  }
  amiss(cluster.host('server1'));
  const connect = async () => answering();
  return cluster.run([verify({})], { connect }).then(
    () => '',
    (error: Error) => error.message,
  );
}

test('a whole cluster has no problem', async () => {
  expect(await problems(() => {})).toBe('');
});

test('a node whose virtual hosts are down says so', async () => {
  const down = { status: 69, stderr: 'Error:\nSome virtual hosts are down' };
  expect(await problems(({ transport }) => transport.answer(/check_virtual_hosts/, down))).toContain(
    'rabbit@server1: Some virtual hosts are down',
  );
});

test('a node whose management API does not listen is named', async () => {
  expect(await problems(({ facts }) => facts.pop())).toContain(
    'rabbit@server1 does not listen on port 15672',
  );
});

test("a node's own management port is looked for, and asked about", async () => {
  const own = threeNodes.replace(
    'address: 192.0.2.101}',
    'address: 192.0.2.101, rabbitmq: {config: {management.tcp.port: 15999}}}',
  );
  let asked = '';
  const named = await problems(({ transport }) => {
    const run = transport.run.bind(transport);
    transport.run = (file, args, options) => {
      asked += options?.input ?? '';
      return run(file, args, options);
    };
  }, own);
  expect(named).toContain('rabbit@server1 does not listen on port 15999');
  expect(asked).toMatch(/^ports='[^']*\b15999\b/m);
});

test('a partition is named, and what ends it', async () => {
  const named = await problems((host) => {
    host.partitions = ['rabbit@server2'];
  });
  expect(named).toContain(
    'rabbit@server1 is partitioned from rabbit@server2 (warren node restart server1, if it is',
  );
});

test('feature flags that are not enabled are named, but not while versions differ', async () => {
  const status = (host: FakeHost, version: string) => ({
    cluster_name: 'notes',
    disk_nodes: host.members,
    ram_nodes: [],
    running_nodes: host.members,
    partitions: {},
    alarms: [],
    versions: { [host.nodeName]: { rabbitmq_version: version } },
    feature_flags: [{ name: 'quorum_queue', state: 'disabled', stability: 'stable' }],
  });
  const amiss = (version: string) => (host: FakeHost) =>
    host.transport.answer(/^rabbitmqctl cluster_status/, () => JSON.stringify(status(host, version)));
  expect(await problems(amiss(''))).toContain("not enabled in rabbit@server1's view: quorum_queue");
  expect(await problems(amiss('3.11.1'))).toBe('');
});

test('guest is a problem where the file has an administrator, and not where it keeps guest', async () => {
  const definitions = JSON.stringify({ users: [{ name: 'guest', tags: [] }], vhosts: [{ name: '/' }] });
  const amiss = (host: FakeHost) => host.transport.answer(/export_definitions/, definitions);
  expect(await problems(amiss, threeNodes + administrator)).toContain('the user guest is there');
  expect(await problems(amiss)).toBe('');
});

test.each([
  ['mirrored', '/', { kind: 'mirrored', copies: 2 }],
  ['quorum', 'app', { kind: 'quorum', copies: 3 }],
  ['{name: quorum, replicas: 2}', 'app', { kind: 'quorum', copies: 2 }],
  ['standby', '/', { kind: 'mirrored', copies: 2 }],
  ['{name: quorum, vhosts: [app]}', '/', undefined],
])('profile %s promises of a queue in vhost %s: %o', async (profile, vhost, promised) => {
  const cluster = await FakeCluster.of(`${threeNodes}vhosts: [app]\nprofile: ${profile}\n`);
  for (const host of cluster.hosts.values()) host.installed();
  const { context } = await cluster.run([]);
  expect(promisedOf(context, vhost)).toEqual(promised);
});

test('a queue that has fewer copies than promised fails the proof, with those that it has', async () => {
  const cluster = await FakeCluster.of(threeNodes);
  const members = [...cluster.hosts.values()].map(({ nodeName }) => nodeName);
  for (const host of cluster.hosts.values()) Object.assign(host.installed(), { running: true, members });
  const { context } = await cluster.run([]);
  let asked = 0;
  const server = createServer((request, response) => {
    expect(request.url).toMatch(/^\/api\/queues\/%2F\/warren\.verify\./);
    asked++;
    response.end(
      JSON.stringify({ node: members[0], synchronised_slave_nodes: asked < 3 ? [] : [members[2]] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const reached = {
    ...context,
    view: { ...context.view, login: { user: 'app', password: 'secret' } },
    connect: async () => createConnection(port, '127.0.0.1'),
  };
  try {
    const two = replicatedQueue(reached, '/', { kind: 'mirrored', copies: 2 })!;
    await two.look();
    expect(asked).toBe(3);
    const three = replicatedQueue(reached, '/', { kind: 'mirrored', copies: 3 }, 200)!;
    await expect(three.look()).rejects.toMatchObject({
      code: 'NOT_REPLICATED',
      message: expect.stringContaining('has 2 (rabbit@server1, rabbit@server3)'),
    });
  } finally {
    server.close();
  }
});
