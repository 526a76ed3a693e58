import { expect, test } from 'vitest';
import { upstreamValue } from '../../src/cluster-file/federation.js';
import { parseClusterFile } from '../../src/cluster-file/read.js';
import { activeNodeOf, partitionHandling, replicationOf } from '../../src/cluster-file/replication.js';
import { SecretText } from '../../src/cluster-file/secret.js';

const fileOf = (profile: string, nodes = 3, more = '') =>
  parseClusterFile(`nodes: ${nodes}\nprofile: ${profile}\n${more}`, 'warren.yaml');

test('mirrored: exactly a majority, synchronised by itself, promoted only when synchronised', async () => {
  const { policies, queueType } = replicationOf(await fileOf('mirrored', 5, 'vhosts: [orders]'), '3.10.8');
  expect(queueType).toBeUndefined();
  expect(policies.map(({ vhost }) => vhost)).toEqual(['/', 'orders']);
  expect(policies[1]).toEqual({
    name: 'ha-exactly',
    vhost: 'orders',
    pattern: '^(?!amq\\.)',
    'apply-to': 'queues',
    priority: 0,
    definition: {
      'ha-mode': 'exactly',
      'ha-params': 3,
      'ha-sync-mode': 'automatic',
      'ha-promote-on-failure': 'when-synced',
    },
  });
});

test('the queues of the broker itself are not mirrored', async () => {
  const { policies } = replicationOf(await fileOf('mirrored'), '3.13.7');
  const pattern = new RegExp(policies[0]!.pattern);
  expect(['orders', 'amqp', 'x.amq.'].every((queue) => pattern.test(queue))).toBe(true);
  expect(pattern.test('amq.gen-1')).toBe(false);
});

test.each([
  [1, undefined, undefined],
  [2, undefined, 2],
  [3, undefined, 2],
  [7, undefined, 4],
  [5, 2, 2],
])('%i nodes, %s replicas wanted: %s', async (nodes, wanted, count) => {
  const profile = wanted ? `{ name: mirrored, replicas: ${wanted} }` : 'mirrored';
  const { policies } = replicationOf(await fileOf(profile, nodes), '3.8.2');
  expect(policies[0]?.definition['ha-params']).toBe(count);
});

test('mirrored is refused from 4.0 on, with the reason and what to write instead', async () => {
  const file = await fileOf('mirrored');
  for (const version of ['4.0.1', '4.2', '4.3.0']) {
    expect(() => replicationOf(file, version)).toThrow(
      expect.objectContaining({
        code: 'PROFILE_IMPOSSIBLE',
        report: expect.objectContaining({
          exit: 78,
          why: `RabbitMQ ${version} has no mirrored classic queues: 4.0 removed them`,
          next: expect.stringContaining('profile: quorum'),
        }),
      }),
    );
  }
});

test('quorum: the default type of the vhosts, as far as the version has one', async () => {
  const file = await fileOf('quorum', 3, 'vhosts: [orders]');
  expect(() => replicationOf(file, '3.7.28')).toThrow(
    expect.objectContaining({ code: 'PROFILE_IMPOSSIBLE' }),
  );
  const early = replicationOf(file, '3.9.29');
  expect(early.queueType).toBeUndefined();
  expect(early.notes).toEqual([expect.stringContaining('x-queue-type: quorum')]);
  const debian = replicationOf(file, '3.10.8-1.1+deb12u4');
  expect(debian).toMatchObject({ policies: [], queueType: { type: 'quorum', vhosts: ['/', 'orders'] } });
  expect(debian.notes).toEqual([expect.stringContaining('vhost /')]);
  expect(replicationOf(file, '4.1.0')).toMatchObject({ queueType: debian.queueType, notes: [] });
});

test('standby: one active node, and data that outlives it', async () => {
  const file = await fileOf('standby', 2);
  expect(activeNodeOf(file)).toBe('rabbit-1');
  expect(activeNodeOf(await fileOf('{ name: standby, active: rabbit-2 }', 2))).toBe('rabbit-2');
  expect(activeNodeOf(await fileOf('mirrored'))).toBeUndefined();
  expect(replicationOf(file, '3.10.8').policies[0]?.definition['ha-params']).toBe(2);
  expect(replicationOf(file, '4.0.1')).toMatchObject({ policies: [], queueType: { type: 'quorum' } });
  expect(replicationOf(await fileOf('{ name: standby, data: quorum }'), '3.10.8').policies).toEqual([]);
});

const federated = `{ name: federated, queues: ^shared\\., upstreams: [{ name: south, addresses: [10.1.0.10, "2001:db8::1"], user: federation, password: env:SOUTH, vhost: a/b, expires: 1000 }] }`;

test('federated: upstreams, and policies that keep the mirrors of what they take', async () => {
  const file = await fileOf(federated);
  expect(file.plugins).toContain('rabbitmq_federation_management');
  const { policies, upstreams } = replicationOf(file, '3.10.8');
  expect(upstreams).toMatchObject([{ vhost: '/', upstream: { name: 'south' } }]);
  expect(policies.map(({ name, pattern }) => [name, pattern])).toEqual([
    ['ha-exactly', '^(?!amq\\.)'],
    ['federated-exchanges', '^federated\\.'],
    ['federated-queues', '^shared\\.'],
  ]);
  expect(policies[1]!.definition).toEqual({ 'federation-upstream-set': 'all' });
  expect(policies[2]!.definition).toMatchObject({ 'ha-mode': 'exactly', 'federation-upstream-set': 'all' });
  expect(upstreamValue(upstreams[0]!.upstream, new SecretText('p@ss'))).toEqual({
    uri: [
      'amqp://federation:p%40ss@10.1.0.10:5672/a%2Fb',
      'amqp://federation:p%40ss@[2001:db8::1]:5672/a%2Fb',
    ],
    'prefetch-count': 1000,
    'reconnect-delay': 5,
    'ack-mode': 'on-confirm',
    expires: 1000,
    'max-hops': 1,
  });
  expect(replicationOf(await fileOf(federated), '4.1.0').policies[1]!.definition).toEqual({
    'federation-upstream-set': 'all',
  });
});

test('only the vhosts that the profile names', async () => {
  const file = await fileOf('{ name: mirrored, vhosts: [orders] }', 3, 'vhosts: [orders]');
  expect(replicationOf(file, '3.10.8').policies.map(({ vhost }) => vhost)).toEqual(['orders']);
});

test('what happens in a partition', async () => {
  const handling = async (nodes: number, version: string) =>
    partitionHandling(await fileOf('quorum', nodes), version);
  expect(await handling(3, '3.10.8')).toBe('pause_minority');
  expect(await handling(2, '3.10.8')).toBe('autoheal');
  expect(await handling(1, '3.10.8')).toBeUndefined();
  expect(await handling(3, '4.3.0')).toBeUndefined();
});

test('a cluster that grew has one policy of mirrors, and not one for each number of nodes it ever had', async () => {
  const names = await Promise.all(
    [3, 4].map(async (nodes) => {
      const file = await parseClusterFile(`nodes: ${nodes}\nprofile: mirrored\n`, 'warren.yaml');
      return replicationOf(file, '3.10.8').policies.map(({ name, definition }) => [
        name,
        definition['ha-params'],
      ]);
    }),
  );
  expect(names).toEqual([[['ha-exactly', 2]], [['ha-exactly', 3]]]);
});
