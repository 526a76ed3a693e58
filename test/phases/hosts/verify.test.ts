import { expect, test } from 'vitest';
import { verify } from '../../../src/phases/hosts/verify.js';
import { FakeCluster, type FakeHost, threeNodes } from './fake-cluster.js';

const administrator = 'users: [{name: admin, tags: [administrator], password: env:PASSWORD}]\n';

async function problems(amiss: (host: FakeHost) => void, text = threeNodes): Promise<string> {
  const cluster = await FakeCluster.of(text);
  const members = [...cluster.hosts.values()].map(({ nodeName }) => nodeName);
  for (const host of cluster.hosts.values()) {
    Object.assign(host.installed(), { running: true, members });
    host.facts.push('listener\t15672 * beam.smp 7');
  }
  amiss(cluster.host('server1'));
  return cluster.run([verify({})]).then(
    () => '',
    (error: Error) => error.message,
  );
}

test('a whole cluster has no problem', async () => {
  expect(await problems(() => {})).toBe('');
});

test('a node whose management API does not listen is named', async () => {
  expect(await problems(({ facts }) => facts.pop())).toContain(
    'rabbit@server1 does not listen on port 15672',
  );
});

test('feature flags that are not enabled are named', async () => {
  const status = (host: FakeHost) => ({
    cluster_name: 'notes',
    disk_nodes: host.members,
    ram_nodes: [],
    running_nodes: host.members,
    partitions: {},
    alarms: [],
    versions: {},
    feature_flags: [{ name: 'quorum_queue', state: 'disabled', stability: 'stable' }],
  });
  const amiss = (host: FakeHost) =>
    host.transport.answer(/^rabbitmqctl cluster_status/, () => JSON.stringify(status(host)));
  expect(await problems(amiss)).toContain("not enabled in rabbit@server1's view: quorum_queue");
});

test('guest is a problem where the file has an administrator, and not where it keeps guest', async () => {
  const definitions = JSON.stringify({ users: [{ name: 'guest', tags: [] }], vhosts: [{ name: '/' }] });
  const amiss = (host: FakeHost) => host.transport.answer(/export_definitions/, definitions);
  expect(await problems(amiss, threeNodes + administrator)).toContain('the user guest is there');
  expect(await problems(amiss)).toBe('');
});
