import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseClusterFile } from '../../src/cluster-file/read.js';
import { replicationOf } from '../../src/cluster-file/replication.js';
import { SecretText } from '../../src/cluster-file/secret.js';
import { objectChanges } from '../../src/phases/objects/apply-objects.js';
import { type Found, nothingFound } from '../../src/phases/objects/definitions.js';
import { wantedObjects } from '../../src/phases/objects/wanted.js';

const generated = async (key: string) => new SecretText(`made for ${key}`);

const changesOf = async (
  text: string,
  found: Partial<Found['definitions']> = {},
  vhosts: Found['vhosts'] = [],
) => {
  const file = await parseClusterFile(text, 'warren.yaml');
  const version = found.rabbitmq_version ?? '3.10.8';
  const wanted = await wantedObjects(file, replicationOf(file, version), {
    env: { APP: 'secret' },
    generated,
  });
  return objectChanges(wanted, {
    definitions: { ...nothingFound.definitions, ...found, rabbitmq_version: version },
    vhosts,
  });
};

const sentences = async (...of: Parameters<typeof changesOf>) =>
  (await changesOf(...of)).map(({ sentence }) => sentence);

const whole = `
vhosts: [{ name: shop, description: the shop, tags: [a], limits: { max-queues: 9 } }]
users:
  - { name: app, password: env:APP, tags: [monitoring], limits: { max-channels: 5 }, permissions: [{ vhost: shop }] }
  - { name: bob, password: generate, topic_permissions: [{ vhost: shop, write: ^a }] }
policies: [{ name: short, vhost: shop, pattern: ^tmp, definition: { message-ttl: 1 } }]
operator_policies: [{ name: cap, vhost: shop, pattern: ^tmp, definition: { max-length: 1 } }]
parameters: [{ component: shovel, name: move, vhost: shop, value: { src-uri: amqp:// } }]
global_parameters: [{ name: where, value: [1] }]
exchanges: [{ name: events, vhost: shop, type: topic }]
queues: [{ name: all, vhost: shop, type: quorum }]
bindings: [{ source: events, vhost: shop, destination: all, routing_key: "#" }]
`;

test('everything of a file, in an order in which each thing finds what it needs', async () => {
  const changes = await changesOf(whole);
  expect(changes.map(({ sentence, path }) => `${sentence}: ${path}`)).toEqual([
    'make vhost shop: /vhosts/shop',
    'set max-queues of vhost shop to 9: /vhost-limits/shop/max-queues',
    'make user app: /users/app',
    'set max-channels of user app to 5: /user-limits/app/max-channels',
    'make user bob: /users/bob',
    'set permissions of app in vhost shop: /permissions/shop/app',
    'set topic permissions of bob on exchange amq.topic in vhost shop: /topic-permissions/shop/bob',
    'set shovel move in vhost shop: /parameters/shovel/shop/move',
    'set global parameter where: /global-parameters/where',
    'set policy short in vhost shop: /policies/shop/short',
    'set operator policy cap in vhost shop: /operator-policies/shop/cap',
    'declare exchange events in vhost shop: /exchanges/shop/events',
    'declare queue all in vhost shop: /queues/shop/all',
    'bind queue all to exchange events in vhost shop for routing key #: /bindings/shop/e/events/q/all',
  ]);
  expect(changes.find(({ path }) => path === '/users/bob')?.body()).toEqual({
    password: 'made for users/bob',
    tags: '',
  });
  expect(changes.find(({ path }) => path === '/queues/shop/all')?.body()).toMatchObject({
    durable: true,
    arguments: { 'x-queue-type': 'quorum' },
  });
});

test('no sentence and no path gives a password away', async () => {
  expect(JSON.stringify(await changesOf(whole))).not.toMatch(/secret|made for/);
});

const user = (password: string, more = {}) => {
  const salt = Buffer.from([1, 2, 3, 4]);
  const hash = createHash('sha256').update(salt).update(password).digest();
  return {
    name: 'app',
    password_hash: Buffer.concat([salt, hash]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: ['monitoring'],
    ...more,
  };
};
const app = 'users: [{ name: app, password: env:APP, tags: [monitoring] }]';

test('a user is left alone when tags and password are as they should be', async () => {
  expect(await sentences(app, { users: [user('secret')] })).toEqual([]);
  expect(await sentences(app, { users: [user('secret', { tags: 'monitoring' })] })).toEqual([]);
  expect(await sentences(app, { users: [user('other')] })).toEqual(['change the password of user app']);
});

test('other tags do not take the password away', async () => {
  const [change] = await changesOf(app, { users: [user('secret', { tags: [] })] });
  expect(change?.sentence).toBe('change the tags of user app');
  expect(change?.body()).toMatchObject({ password_hash: user('secret').password_hash, tags: 'monitoring' });
});

test('a policy, a permission, a binding that is there already, whatever the order of its keys', async () => {
  const found = {
    users: [user('secret', { tags: [] })],
    policies: [
      { definition: { b: [1], a: 1 }, name: 'p', vhost: '/', pattern: '^a', 'apply-to': 'all', priority: 0 },
    ],
    permissions: [{ vhost: '/', user: 'app', read: '.*', write: '.*', configure: '.*' }],
  };
  const text = (ttl: number) =>
    `users: [{ name: app, password: env:APP, permissions: [{}] }]\npolicies: [{ name: p, pattern: ^a, definition: { a: ${ttl}, b: [1] } }]`;
  expect(await sentences(text(1), found)).toEqual([]);
  expect(await sentences(text(2), found)).toEqual(['set policy p in vhost /']);
});

const queue = (more: object) => ({
  queues: [{ name: 'q', vhost: '/', durable: true, auto_delete: false, arguments: {}, ...more }],
});

test('what cannot be changed is refused before anything is, with the difference', async () => {
  const text = 'vhosts: [new]\nqueues: [{ name: q, arguments: { x-max-length: 5 } }]';
  await expect(changesOf(text, queue({}))).rejects.toMatchObject({
    code: 'OBJECT_DIFFERS',
    report: {
      message: 'queue q in vhost / cannot be changed: it has arguments {}, the file says {"x-max-length":5}',
      next: expect.stringContaining('messages'),
    },
  });
  const exchange = { name: 'e', vhost: '/', type: 'topic', durable: true, auto_delete: false, arguments: {} };
  await expect(
    changesOf('exchanges: [{ name: e }]', { exchanges: [{ ...exchange, internal: false }] }),
  ).rejects.toMatchObject({ report: { message: expect.stringContaining('it has type "topic"') } });
});

test.each([
  ['{ name: q }', { 'x-queue-type': 'quorum' }],
  ['{ name: q }', { 'x-queue-type': 'classic' }],
  ['{ name: q, type: classic }', {}],
  ['{ name: q, type: quorum }', { 'x-queue-type': 'quorum' }],
])('queue %s is what %j is', async (written, table) => {
  expect(await sentences(`queues: [${written}]`, queue({ arguments: table }))).toEqual([]);
});

test('a queue of another type is refused', async () => {
  await expect(changesOf('queues: [{ name: q, type: quorum }]', queue({}))).rejects.toMatchObject({
    code: 'OBJECT_DIFFERS',
  });
});

test('the default queue type: for new vhosts, for others where the version can', async () => {
  const text = 'nodes: 3\nprofile: quorum\nvhosts: [shop]';
  const slash = [{ name: '/', description: '', default_queue_type: 'undefined' }];
  const [change, ...others] = await changesOf(text, {}, slash);
  expect(others).toEqual([]);
  expect(change?.body()).toMatchObject({ default_queue_type: 'quorum', defaultqueuetype: 'quorum' });
  expect(await sentences(text, { rabbitmq_version: '4.1.0' }, slash)).toEqual([
    'make vhost shop',
    'change vhost /',
  ]);
  const done = ['/', 'shop'].map((name) => ({ name, default_queue_type: 'quorum' }));
  expect(await sentences(text, { rabbitmq_version: '4.1.0' }, done)).toEqual([]);
});
