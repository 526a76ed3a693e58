import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseClusterFile } from '../../src/cluster-file/read.js';
import { freeBase, Warren } from '../commands/warren.js';
import { type EngineCluster, startCluster } from '../engines/cluster.js';
import { engines } from '../engines/engine.js';

let warren: Warren;
let cluster: EngineCluster | undefined;

beforeEach(() => {
  warren = new Warren();
});
afterEach(async () => {
  await cluster?.destroy();
  await warren.destroy();
});

type Definitions = Record<string, Record<string, unknown>[]>;

/** In no order of their own, and without what is another for each cluster. */
function comparable(definitions: unknown): Definitions {
  const own = (row: Record<string, unknown>) =>
    ['cluster_name', 'internal_cluster_id'].includes(String(row.name));
  return Object.fromEntries(
    Object.entries(definitions as Definitions)
      .filter(([, rows]) => Array.isArray(rows))
      .map(([section, rows]) => {
        // The user guest is not imported.
        const mine = rows.filter(({ name, user }) => (section === 'users' ? name : user) !== 'guest');
        const texts = mine.filter((row) => !own(row)).map((row) => JSON.stringify(sorted(row)));
        return [section, texts.sort().map((text) => JSON.parse(text))];
      }),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, sorted(one)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

const hash = 'w0MojIGB4lURtyEmDUGxDYHqV0Y1GM7oXYQT+9JVlGmj3TyB';
const objects = {
  vhosts: [{ name: 'orders' }, { name: 'a/b' }],
  users: [
    {
      name: 'app',
      password_hash: hash,
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: ['monitoring'],
    },
    { name: 'x y', password_hash: hash, hashing_algorithm: 'rabbit_password_hashing_sha512', tags: [] },
  ],
  permissions: [{ user: 'app', vhost: 'orders', configure: '', write: '^a', read: '.*' }],
  topic_permissions: [{ user: 'app', vhost: 'orders', exchange: 'amq.topic', write: '^a', read: '.*' }],
  parameters: [
    { component: 'vhost-limits', name: 'limits', vhost: 'orders', value: { 'max-queues': 50 } },
    {
      component: 'operator_policy',
      name: 'cap',
      vhost: 'orders',
      value: { pattern: '^tmp', definition: { 'max-length': 10 }, priority: 1, 'apply-to': 'queues' },
    },
  ],
  global_parameters: [{ name: 'where', value: { rack: [1, 'two', true] } }],
  policies: [
    {
      vhost: 'a/b',
      name: 'ttl',
      pattern: '^t',
      'apply-to': 'queues',
      definition: { 'message-ttl': 60_000 },
      priority: 7,
    },
  ],
  exchanges: [
    {
      name: 'events',
      vhost: 'orders',
      type: 'topic',
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    },
    {
      name: 'inner',
      vhost: 'orders',
      type: 'fanout',
      durable: false,
      auto_delete: true,
      internal: true,
      arguments: { 'alternate-exchange': 'events' },
    },
  ],
  queues: [
    {
      name: 'all',
      vhost: 'orders',
      durable: true,
      auto_delete: false,
      arguments: { 'x-max-length': 5, 'x-overflow': 'reject-publish' },
    },
    {
      name: 'typed',
      vhost: 'a/b',
      durable: true,
      auto_delete: false,
      arguments: { 'x-queue-type': 'classic' },
    },
  ],
  bindings: [
    {
      source: 'events',
      vhost: 'orders',
      destination: 'all',
      destination_type: 'queue',
      routing_key: '#',
      arguments: {},
    },
    {
      source: 'events',
      vhost: 'orders',
      destination: 'inner',
      destination_type: 'exchange',
      routing_key: 'a.*',
      arguments: { n: 1 },
    },
  ],
};

test.each(engines)('$name: what is imported raises a cluster with the same objects', async (engine) => {
  cluster = await startCluster(engine);
  const [node] = cluster.nodes;
  expect((await node!.api('POST', 'definitions', objects)).status).toBe(204);
  expect((await node!.api('PUT', 'user-limits/app/max-channels', { value: 9 })).status).toBeLessThan(300);
  const original = comparable((await node!.api('GET', 'definitions')).body);

  const folder = path.join(warren.state, 'files');
  mkdirSync(folder);
  const file = path.join(folder, 'warren.yaml');
  const url = `http://guest:guest@127.0.0.1:${node!.specification.ports.management}`;
  const args = ['import', '--url', url, '--file', file, '--password-hashes', path.join(folder, 'hashes')];
  const imported = await warren.run(args);
  expect(imported).toMatchObject({ status: 0, stdout: expect.stringContaining('1 node.') });
  expect(readFileSync(file, 'utf8')).not.toContain(hash);
  expect(statSync(path.join(folder, 'hashes', 'app.hash')).mode & 0o777).toBe(0o600);
  expect(await warren.run(args)).toMatchObject({
    status: 73,
    stderr: expect.stringContaining('is there already'),
  });

  // The node of the same name has to go first.
  await cluster.destroy();
  const base = await freeBase();
  const up = ['up', '--file', file, '--engine-dir', engine.folder, '--engine', engine.name];
  const raised = await warren.run([...up, '--port-base', String(base)]);
  expect(raised, raised.stderr).toMatchObject({ status: 0 });
  const again = await fetch(`http://127.0.0.1:${base + 10_000}/api/definitions`, {
    headers: { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` },
  });
  expect(comparable(await again.json())).toEqual(original);

  const second = await warren.run([...up, '--port-base', String(base)]);
  expect(second.stderr, 'typed again, nothing is to be done').not.toMatch(
    /set |declare |make |change |bind /,
  );
});

test('without hashes, users get new passwords, and the file says so', async () => {
  cluster = await startCluster(engines[0]!);
  const [node] = cluster.nodes;
  await node!.api('PUT', 'users/app', { password: 'old', tags: '' });
  const file = path.join(warren.state, 'warren.yaml');
  const url = `http://guest:guest@127.0.0.1:${node!.specification.ports.management}`;
  const { stderr } = await warren.run(['import', '--file', file], { WARREN_URL: url });
  expect(stderr).toContain('a broker keeps no passwords, only hashes: app will get new ones');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('# - a broker keeps no passwords');
  expect((await parseClusterFile(text, file)).users).toMatchObject([
    { name: 'app', password: { from: 'generate' } },
  ]);
});

test('what is no management API', async () => {
  const file = path.join(warren.state, 'warren.yaml');
  const wrong = await warren.run(['import', '--url', 'amqp://me:secret@127.0.0.1', '--file', file]);
  expect(wrong.status).toBe(64);
  expect(wrong.stderr).not.toContain('secret');
  expect((await warren.run(['import', '--url', 'http://127.0.0.1:1', '--file', file])).status).toBe(69);
});
