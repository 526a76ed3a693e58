import { expect, test } from 'vitest';
import { exportDefinitions, importDefinitions } from '../../../src/broker/core/definitions.js';
import { LocalMetadata } from '../../../src/broker/core/metadata/local-metadata.js';
import { passwordMatches } from '../../../src/broker/core/password.js';

const document = {
  users: [{ name: 'bob', password: 'secret', tags: 'monitoring, management' }],
  vhosts: [{ name: 'v1' }],
  permissions: [{ user: 'bob', vhost: 'v1', configure: '.*', write: '', read: 'x' }],
  topic_permissions: [{ user: 'bob', vhost: 'v1', exchange: 'amq.topic', write: 'a', read: 'b' }],
  parameters: [
    { vhost: 'v1', component: 'vhost-limits', name: 'limits', value: { 'max-queues': 5 } },
    {
      vhost: 'v1',
      component: 'operator_policy',
      name: 'op',
      value: { pattern: 'x', 'apply-to': 'queues', definition: { 'max-length': 3 }, priority: 0 },
    },
  ],
  global_parameters: [{ name: 'cluster_name', value: 'here' }],
  policies: [
    {
      vhost: 'v1',
      name: 'p',
      pattern: '^q',
      'apply-to': 'queues',
      definition: { 'max-length': 9 },
      priority: 2,
    },
  ],
  queues: [
    { name: 'q1', vhost: 'v1', durable: true, auto_delete: false, arguments: { 'x-message-ttl': 1000 } },
  ],
  exchanges: [
    {
      name: 'e1',
      vhost: 'v1',
      type: 'topic',
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    },
  ],
  bindings: [
    {
      source: 'e1',
      vhost: 'v1',
      destination: 'q1',
      destination_type: 'queue',
      routing_key: 'a.#',
      arguments: { k: 1 },
    },
  ],
};

function blank(): LocalMetadata {
  let id = 0;
  return new LocalMetadata(null, () => ({ newId: () => `id${++id}`, now: 0 }));
}

async function imported(what: Record<string, unknown> = document): Promise<LocalMetadata> {
  const metadata = blank();
  await metadata.submit('node.join', { name: 'n@h', type: 'disc' });
  await metadata.submit('node.up', { name: 'n@h' });
  await importDefinitions(metadata, 'n@h', what, null);
  return metadata;
}

test('what was imported is exported again, and that imports to the same', async () => {
  const first = exportDefinitions((await imported()).tables, null);
  const { users, ...rest } = document;
  expect(first).toMatchObject(rest);
  const second = exportDefinitions((await imported(first)).tables, null);
  expect(second).toEqual(first);
});

test('a password is kept as a salted hash only', async () => {
  const { tables } = await imported();
  const [user] = tables.all('users');
  expect(user?.tags).toEqual(['monitoring', 'management']);
  expect(passwordMatches('secret', user!.passwordHash, user!.hashingAlgorithm)).toBe(true);
  expect(JSON.stringify(exportDefinitions(tables, null))).not.toContain('secret');
});

test("one vhost's definitions import into another vhost", async () => {
  const metadata = await imported();
  const own = exportDefinitions(metadata.tables, 'v1');
  expect(own.queues).toEqual([
    { name: 'q1', durable: true, auto_delete: false, arguments: { 'x-message-ttl': 1000 } },
  ]);
  expect(own).not.toHaveProperty('users');
  await metadata.submit('vhost.put', { name: 'v2' });
  await importDefinitions(metadata, 'n@h', own, 'v2');
  expect(exportDefinitions(metadata.tables, 'v2').bindings).toEqual(own.bindings);
});

test('a queue that is there stays as it is; a binding to nothing is passed over', async () => {
  const metadata = await imported();
  const queue = { name: 'q1', vhost: 'v1', durable: false, auto_delete: true, arguments: {} };
  const binding = { ...document.bindings[0], destination: 'nowhere' };
  await importDefinitions(metadata, 'n@h', { queues: [queue], bindings: [binding] }, null);
  expect(exportDefinitions(metadata.tables, null).queues).toEqual(document.queues);
});

test.each([
  [[], 'definitions must be a JSON object'],
  [{ queues: 'q' }, "'queues' must be a list"],
  [{ users: [{ password: 'x' }] }, 'name is missing'],
])('%j is refused', async (what, sentence) => {
  await expect(importDefinitions(blank(), 'n@h', what as never, null)).rejects.toThrow(sentence);
});
