import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hostsOf } from '../../src/cluster-file/hosts.js';
import { jsonSchema } from '../../src/cluster-file/json-schema.js';
import { readClusterFile } from '../../src/cluster-file/read.js';
import { replicationOf } from '../../src/cluster-file/replication.js';
import { type RenderKind, render } from '../../src/operations/render.js';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'examples');
/** The rules of the monitor are another kind of file. */
const examples = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'alerts.yaml');
const onHosts = examples.filter((name) => name !== 'local.yaml');

const example = (name: string) => readClusterFile(path.join(folder, name), '/home/me');

test('there is one for each profile, and one for this machine', async () => {
  const profiles = await Promise.all(examples.map(async (name) => (await example(name)).profile?.name));
  expect([...new Set(profiles)].sort()).toEqual(['federated', 'mirrored', 'quorum', 'standby', undefined]);
});

test.each(examples)('%s gives no cause for a warning', async (name) => {
  expect((await example(name)).warnings).toEqual([]);
});

test('five hosts: three brokers, two balancers, one virtual address', async () => {
  const file = await example('five-hosts.yaml');
  expect(hostsOf(file).map(({ name, address, roles }) => `${name} ${address} ${roles}`)).toEqual([
    'server1 192.168.13.101 broker',
    'server2 192.168.13.102 broker',
    'server3 192.168.13.103 broker',
    'server4 192.168.13.104 balancer',
    'server5 192.168.13.105 balancer',
  ]);
  expect(file.front_end).toMatchObject({ virtual_addresses: [{ address: '192.168.13.110' }], vrid: 110 });
  expect(replicationOf(file, '3.10.8').policies.map(({ name, vhost }) => `${name} ${vhost}`)).toEqual([
    'ha-exactly /',
    'ha-exactly orders',
  ]);
});

test.each(onHosts)('%s can be had with some version, and each of its files be rendered', async (name) => {
  const file = await example(name);
  const version = file.profile?.name === 'mirrored' ? '3.13.7' : '4.1.0';
  expect(() => replicationOf(file, version)).not.toThrow();
  const kinds: RenderKind[] = ['haproxy', 'keepalived', 'check-script', 'rabbitmq-conf', 'hosts'];
  for (const what of kinds) {
    const { files } = await render({ what, file, secrets: false, env: {} });
    const hosts = hostsOf(file).filter(({ roles }) => {
      if (what === 'hosts') return true;
      return roles.includes(what === 'rabbitmq-conf' ? 'broker' : 'balancer');
    });
    expect(new Set(files.map(({ host }) => host))).toEqual(new Set(hosts.map((host) => host.name)));
  }
});

test('the JSON Schema for editors is that of the reader', () => {
  const kept = JSON.parse(readFileSync(path.join(root, 'schema/warren.schema.json'), 'utf8'));
  expect(kept, 'renew it: node bin/run.js schema > schema/warren.schema.json').toEqual(
    JSON.parse(JSON.stringify(jsonSchema())),
  );
});
