/** Members of quorum queues over the life of a cluster; what the tools say of them is compared in test/twin/tools. */
import { expect, it } from 'vitest';
import { LocalMetadata } from '../../../src/broker/core/metadata/local-metadata.js';
import type { QueueRow } from '../../../src/broker/core/metadata/rows.js';
import { tableOf } from '../../../src/broker/core/plain-table.js';

async function cluster() {
  let ids = 0;
  const metadata = new LocalMetadata(null, () => ({ newId: () => `id-${++ids}`, now: 0 }));
  const user = {
    name: 'u',
    passwordHash: '',
    hashingAlgorithm: '',
    tags: [],
    permissions: ['', '', ''] as const,
  };
  await metadata.submit('bootstrap', { node: 'a', vhost: '/', user: { ...user, permissions: ['', '', ''] } });
  const join = async (name: string) => {
    await metadata.submit('node.join', { name, type: 'disc' });
    await metadata.submit('node.up', { name });
  };
  const declare = (size?: number) =>
    metadata.submit('queue.declare', {
      ...{ vhost: '/', name: 'q', durable: true, autoDelete: false, exclusiveOwner: null, node: 'a' },
      arguments: tableOf({ 'x-queue-type': 'quorum', ...(size && { 'x-quorum-initial-group-size': size }) }),
    });
  const queue = () => metadata.tables.get('queues', '/\0q') as QueueRow;
  const member = (operation: 'queue.add_member' | 'queue.delete_member', node: string) =>
    metadata.submit(operation, { vhost: '/', name: 'q', node });
  const synced = (...mirrors: string[]) =>
    metadata.submit('queue.synced', { vhost: '/', name: 'q', id: queue().id, mirrors });
  for (const name of ['b', 'c']) await join(name);
  return { metadata, join, declare, queue, member, synced };
}

it('are the nodes there are when it is declared, five at most, and no later ones', async () => {
  const { join, declare, queue } = await cluster();
  await declare();
  await join('d');
  expect(queue()).toMatchObject({ members: ['a', 'b', 'c'], leader: 'a', mirrors: ['b', 'c'] });
});

it('are as many as the declaration asks for', async () => {
  const { declare, queue } = await cluster();
  await declare(2);
  expect(queue()).toMatchObject({ members: ['a', 'b'], mirrors: ['b'] });
});

it('stay members while they are down', async () => {
  const { metadata, declare, queue } = await cluster();
  await declare();
  await metadata.submit('node.down', { name: 'c', clean: true });
  expect(queue()).toMatchObject({ members: ['a', 'b', 'c'], mirrors: ['b'] });
  await metadata.submit('node.up', { name: 'c' });
  expect(queue().mirrors).toEqual(['b', 'c']);
});

it('come into it by hand, without its messages at first, and go', async () => {
  const { declare, queue, member } = await cluster();
  await declare(1);
  await member('queue.add_member', 'c');
  expect(queue()).toMatchObject({ members: ['a', 'c'], mirrors: ['c'], syncedMirrors: [] });
  await member('queue.delete_member', 'c');
  expect(queue()).toMatchObject({ members: ['a'], mirrors: [], recoverableMirrors: [] });
  await expect(member('queue.delete_member', 'a')).rejects.toMatchObject({ code: 'last_node' });
});

it('hand over the lead before they go, to one that has everything', async () => {
  const { declare, queue, member, synced } = await cluster();
  await declare(1);
  await member('queue.add_member', 'b');
  await expect(member('queue.delete_member', 'a')).rejects.toMatchObject({ code: 'not_synchronised' });
  await synced('b');
  await member('queue.delete_member', 'a');
  expect(queue()).toMatchObject({ members: ['b'], leader: 'b', mirrors: [], recoverableMirrors: [] });
});

it('cannot hand over the lead while no other runs, which RabbitMQ calls a timeout', async () => {
  const { metadata, declare, member } = await cluster();
  await declare(2);
  await metadata.submit('node.down', { name: 'b', clean: true });
  await expect(member('queue.delete_member', 'a')).rejects.toMatchObject({ code: 'timeout' });
});

it('are none any more once they are forgotten', async () => {
  const { metadata, declare, queue } = await cluster();
  await declare();
  await metadata.submit('node.down', { name: 'b', clean: false });
  await metadata.submit('node.forget', { name: 'b' });
  expect(queue()).toMatchObject({ members: ['a', 'c'], mirrors: ['c'], recoverableMirrors: [] });
});
