import { describe, expect, it } from 'vitest';
import { LocalMetadata } from '../../../src/broker/core/metadata/local-metadata.js';
import type { QueueRow } from '../../../src/broker/core/metadata/rows.js';
import { defaultHashingAlgorithm } from '../../../src/broker/core/password.js';
import { tableOf } from '../../../src/broker/core/plain-table.js';

const user = {
  name: 'guest',
  passwordHash: 'x',
  hashingAlgorithm: defaultHashingAlgorithm,
  tags: ['administrator'],
};

async function cluster(...nodes: string[]) {
  let ids = 0;
  const metadata = new LocalMetadata(null, () => ({ newId: () => `id-${++ids}`, now: 0 }));
  await metadata.submit('bootstrap', {
    node: nodes[0] ?? 'a',
    vhost: '/',
    user: { ...user, permissions: ['.*', '.*', '.*'] },
  });
  for (const name of nodes.slice(1)) {
    await metadata.submit('node.join', { name, type: 'disc' });
    await metadata.submit('node.up', { name });
  }
  const declare = (name: string, node: string, given: Partial<QueueRow> = {}) =>
    metadata.submit('queue.declare', {
      vhost: '/',
      name,
      durable: given.durable ?? true,
      autoDelete: given.autoDelete ?? false,
      exclusiveOwner: given.exclusiveOwner ?? null,
      arguments: given.arguments ?? [],
      node,
    });
  const queue = (name: string) => metadata.tables.get('queues', `/\0${name}`);
  const policy = (definition: Record<string, unknown>, name = 'ha') =>
    metadata.submit('policy.set', {
      vhost: '/',
      name,
      pattern: '',
      applyTo: 'queues',
      priority: 0,
      definition,
    });
  const synced = (name: string, ...mirrors: string[]) =>
    metadata.submit('queue.synced', { vhost: '/', name, id: queue(name)?.id ?? '', mirrors });
  return { metadata, tables: metadata.tables, declare, queue, policy, synced };
}

const bind = (
  source: string,
  destination: string,
  destinationKind: 'queue' | 'exchange',
  routingKey = '',
) => ({
  vhost: '/',
  source,
  destination,
  destinationKind,
  routingKey,
  arguments: [],
});

describe('mirrors', () => {
  it('are where ha-mode wants them, over nodes that come and go', async () => {
    const { declare, queue, policy, metadata } = await cluster('a', 'b', 'c');
    await declare('q', 'b');
    expect(queue('q')?.mirrors).toEqual([]);
    await policy({ 'ha-mode': 'all' });
    expect(queue('q')).toMatchObject({ leader: 'b', mirrors: ['a', 'c'], syncedMirrors: [] });
    await policy({ 'ha-mode': 'exactly', 'ha-params': 2 });
    expect(queue('q')?.mirrors).toEqual(['a']);
    await metadata.submit('node.down', { name: 'a', clean: false });
    expect(queue('q')?.mirrors).toEqual(['c']);
    await policy({ 'ha-mode': 'nodes', 'ha-params': ['a', 'b'] });
    expect(queue('q')?.mirrors).toEqual([]);
    await metadata.submit('node.up', { name: 'a' });
    expect(queue('q')?.mirrors).toEqual(['a']);
    await metadata.submit('policy.clear', { vhost: '/', name: 'ha' });
    expect(queue('q')?.mirrors).toEqual([]);
  });

  it('are never of exclusive queues', async () => {
    const { declare, queue, policy } = await cluster('a', 'b');
    await policy({ 'ha-mode': 'all' });
    await declare('q', 'a', { exclusiveOwner: 'connection', durable: false });
    expect(queue('q')?.mirrors).toEqual([]);
  });

  it('are led by the node that leads fewest, where asked for', async () => {
    const { declare, queue } = await cluster('a', 'b');
    await declare('one', 'a');
    const least = { arguments: tableOf({ 'x-queue-master-locator': 'min-masters' }) };
    await declare('two', 'a', least);
    await declare('three', 'a', { ...least, exclusiveOwner: 'connection', durable: false });
    expect([queue('two')?.leader, queue('three')?.leader]).toEqual(['b', 'a']);
    const wrong = declare('four', 'a', { arguments: tableOf({ 'x-queue-master-locator': 'nowhere' }) });
    await expect(wrong).rejects.toMatchObject({ code: 541 });
  });

  it('the oldest synchronised one takes over from a leader that is lost', async () => {
    const { declare, queue, policy, synced, metadata } = await cluster('a', 'b', 'c');
    await declare('q', 'a');
    await policy({ 'ha-mode': 'all' });
    await synced('q', 'c');
    await metadata.submit('node.down', { name: 'a', clean: false });
    expect(queue('q')).toMatchObject({
      leader: 'c',
      mirrors: ['b'],
      syncedMirrors: [],
      recoverableMirrors: ['a'],
    });
    await metadata.submit('node.up', { name: 'a' });
    expect(queue('q')).toMatchObject({ leader: 'c', mirrors: ['b', 'a'] });
  });

  it('that is not synchronised takes over only where the policy allows it', async () => {
    const { declare, queue, policy, metadata } = await cluster('a', 'b');
    await declare('stopped', 'a');
    await policy({ 'ha-mode': 'all' });
    await declare('born-in-sync', 'a');
    await metadata.submit('node.down', { name: 'a', clean: true });
    expect(queue('stopped')?.leader).toBe('a');
    expect(queue('born-in-sync')?.leader).toBe('b');
    await metadata.submit('node.up', { name: 'a' });
    await metadata.submit('node.down', { name: 'a', clean: false });
    expect(queue('stopped')?.leader).toBe('b');
  });
});

describe('a node that goes down', () => {
  it('takes its transient and exclusive queues along, with their bindings; durable ones wait', async () => {
    const { declare, queue, metadata, tables } = await cluster('a', 'b');
    await declare('durable', 'b');
    await declare('transient', 'b', { durable: false });
    await declare('exclusive', 'b', { durable: false, exclusiveOwner: 'connection' });
    await declare('other', 'a', { durable: false });
    await metadata.submit('binding.add', bind('amq.direct', 'transient', 'queue', 'k'));
    await metadata.submit('node.down', { name: 'b', clean: false });
    expect(['durable', 'transient', 'exclusive', 'other'].map((name) => queue(name) !== undefined)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(tables.rows.bindings.size).toBe(0);
    await expect(declare('durable', 'a')).rejects.toThrow(
      "home node 'b' of durable queue 'durable' in vhost '/' is down or inaccessible",
    );
  });

  it('is forgotten only when down, and its queues with it', async () => {
    const { declare, queue, metadata, tables } = await cluster('a', 'b');
    await declare('q', 'b');
    await expect(metadata.submit('node.forget', { name: 'b' })).rejects.toMatchObject({
      code: 'node_running',
    });
    await metadata.submit('node.down', { name: 'b', clean: true });
    await metadata.submit('node.forget', { name: 'b' });
    expect(queue('q')).toBeUndefined();
    expect([...tables.rows.nodes.keys()]).toEqual(['a']);
    await expect(metadata.submit('node.forget', { name: 'b' })).rejects.toMatchObject({
      code: 'not_a_cluster_node',
    });
  });
});

describe('auto-delete exchanges', () => {
  it('go with their last binding, and theirs in turn', async () => {
    const { declare, metadata, tables } = await cluster('a');
    const exchange = { vhost: '/', type: 'fanout', durable: true, internal: false, arguments: [] };
    for (const name of ['x', 'y'])
      await metadata.submit('exchange.declare', { ...exchange, name, autoDelete: true });
    await declare('q', 'a');
    await metadata.submit('binding.add', bind('x', 'y', 'exchange'));
    await metadata.submit('binding.add', bind('y', 'q', 'queue', 'one'));
    await metadata.submit('binding.add', bind('y', 'q', 'queue', 'two'));
    await metadata.submit('binding.remove', bind('y', 'q', 'queue', 'one'));
    expect(tables.get('exchanges', '/\0y')).toBeDefined();
    await metadata.submit('queue.delete', { vhost: '/', name: 'q', id: null });
    expect(tables.get('exchanges', '/\0y')).toBeUndefined();
    expect(tables.get('exchanges', '/\0x')).toBeUndefined();
    expect(tables.rows.bindings.size).toBe(0);
  });
});

describe('vhosts and users', () => {
  it('deletes a vhost with all that is in it', async () => {
    const { metadata, tables } = await cluster('a');
    await metadata.submit('vhost.put', { name: 'v' });
    await metadata.submit('permission.set', {
      user: 'guest',
      vhost: 'v',
      configure: '',
      write: '',
      read: '',
    });
    const before = [...tables.all('exchanges')].filter(({ vhost }) => vhost === 'v').map(({ name }) => name);
    expect(before).toEqual([
      '',
      'amq.direct',
      'amq.fanout',
      'amq.headers',
      'amq.match',
      'amq.rabbitmq.trace',
      'amq.topic',
    ]);
    await metadata.submit('vhost.delete', { name: 'v' });
    for (const rows of Object.values(tables.rows)) {
      expect([...rows.values()].filter((row) => 'vhost' in row && row.vhost === 'v')).toEqual([]);
    }
    await expect(metadata.submit('vhost.delete', { name: 'v' })).rejects.toMatchObject({
      code: 'no_such_vhost',
    });
  });

  it('limits the queues of a vhost', async () => {
    const { declare, metadata } = await cluster('a');
    await metadata.submit('vhost_limits.set', { vhost: '/', limits: { 'max-queues': 1 } });
    await declare('one', 'a');
    await declare('one', 'a');
    await expect(declare('two', 'a')).rejects.toThrow(
      "cannot declare queue 'two': queue limit in vhost '/' (1) is reached",
    );
    const wrong = metadata.submit('vhost_limits.set', { vhost: '/', limits: { 'max-queues': 'x' } });
    await expect(wrong).rejects.toThrow('max-queues should be a number, actually was <<"x">>');
  });

  it('deletes a user with the permissions', async () => {
    const { metadata, tables } = await cluster('a');
    await metadata.submit('user.add', { ...user, name: 'u' });
    await expect(metadata.submit('user.add', { ...user, name: 'u' })).rejects.toMatchObject({
      code: 'user_already_exists',
    });
    await metadata.submit('permission.set', { user: 'u', vhost: '/', configure: 'a', write: 'b', read: 'c' });
    await metadata.submit('user.delete', { name: 'u' });
    expect([...tables.all('permissions')].map((row) => row.user)).toEqual(['guest']);
  });

  it('declares queues of the vhost`s default type', async () => {
    const { declare, queue, metadata } = await cluster('a');
    await metadata.submit('vhost.put', { name: '/', defaultQueueType: 'quorum' });
    await declare('q', 'a');
    expect(queue('q')?.type).toBe('quorum');
    await declare('asked', 'a', { arguments: tableOf({ 'x-queue-type': 'classic' }) });
    expect(queue('asked')?.type).toBe('classic');
  });
});

describe('policies', () => {
  const refused: [Record<string, unknown>, string][] = [
    [{}, 'no policy provided'],
    [{ foo: 1, bar: 'x' }, '[{<<"bar">>,<<"x">>},{<<"foo">>,1}] are not recognised policy settings'],
    [{ 'max-length': -1 }, '-1 is not a valid maximum length'],
    [{ 'max-length': 'x' }, '<<"x">> is not a valid maximum length'],
    [{ 'ha-mode': 'foo' }, '<<"foo">> is not a valid ha-mode value'],
    [{ 'ha-mode': 'exactly' }, 'ha-mode="exactly" takes an integer, none given'],
    [{ 'ha-mode': 'nodes', 'ha-params': [] }, 'ha-mode="nodes" list must be non-empty'],
    [{ 'ha-mode': 'all', 'ha-params': 2 }, 'ha-mode="all" does not take parameters'],
    [
      { 'ha-sync-mode': 'automatic' },
      'ha-mode must be specified to specify ha-params, ha-sync-mode or ha-promote-on-shutdown',
    ],
    [{ overflow: 'x' }, '<<"x">> is not a valid overflow value'],
  ];

  it.each(refused)('%o is refused as RabbitMQ refuses it', async (definition, text) => {
    const { policy } = await cluster('a');
    await expect(policy(definition)).rejects.toMatchObject({ code: 'validation_failed', message: text });
  });

  it('must have a pattern that compiles', async () => {
    const { metadata } = await cluster('a');
    const row = {
      vhost: '/',
      name: 'p',
      applyTo: 'all' as const,
      priority: 0,
      definition: { 'max-length': 1 },
    };
    await expect(metadata.submit('policy.set', { ...row, pattern: '(' })).rejects.toThrow(
      'pattern should be regular expression but is invalid: {"missing )",1}',
    );
  });
});
