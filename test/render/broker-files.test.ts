import { expect, test } from 'vitest';
import type { ClusterFile } from '../../src/cluster-file/cluster-file.js';
import { brokerFiles } from '../../src/render/broker-files.js';
import { fiveHosts } from './clusters.js';

async function files(file: ClusterFile, index = 0, version = '3.10.8'): Promise<Record<string, string>> {
  const list = await (await brokerFiles(file))(file.nodes![index]!, version);
  return Object.fromEntries(list.map(({ path, text }) => [path.replace(/^.*\//, ''), text]));
}

test('every node is told of all, in the same order', async () => {
  const file = await fiveHosts();
  const [first, last] = [await files(file), await files(file, 2)];
  const peers = (text = '') => text.match(/^cluster_formation.*$/gm);
  expect(peers(first['rabbitmq.conf'])).toEqual([
    'cluster_formation.peer_discovery_backend = classic_config',
    'cluster_formation.discovery_retry_interval = 100',
    'cluster_formation.classic_config.nodes.1 = rabbit@server1',
    'cluster_formation.classic_config.nodes.2 = rabbit@server2',
    'cluster_formation.classic_config.nodes.3 = rabbit@server3',
    'cluster_formation.target_cluster_size_hint = 3',
  ]);
  expect(peers(last['rabbitmq.conf'])).toEqual(peers(first['rabbitmq.conf']));
  expect(last['rabbitmq-env.conf']).toContain('\nNODENAME=rabbit@server3\n');
});

test("the cluster file's keys take the place of ours, in whatever unit", async () => {
  const file = await fiveHosts(
    'rabbitmq: { config: { heartbeat: 30, disk_free_limit.absolute: 2GB, consumer_timeout: 3600000 } }',
  );
  const conf = (await files(file))['rabbitmq.conf']!;
  expect(conf.match(/^heartbeat = .*$/gm)).toEqual(['heartbeat = 30']);
  expect(conf.match(/^disk_free_limit.*$/gm)).toEqual(['disk_free_limit.absolute = 2GB']);
  expect(conf).toContain('consumer_timeout = 3600000');
  expect(conf).toContain('vm_memory_high_watermark.relative = 0.4');
});

test("a later version's watermark; two nodes have no minority, so one side gives way", async () => {
  const file = await fiveHosts();
  expect((await files(file, 0, '4.1.0'))['rabbitmq.conf']).toContain(
    'vm_memory_high_watermark.relative = 0.6',
  );
  expect((await files(file))['rabbitmq.conf']).toContain('cluster_partition_handling = pause_minority');
  const two = { ...file, nodes: file.nodes!.slice(0, 2) };
  expect((await files(two))['rabbitmq.conf']).toContain('cluster_partition_handling = autoheal');
});

test('members of a quorum queue: as many as the profile says, unless the environment says otherwise', async () => {
  const env = async (more: string) => (await files(await fiveHosts(more)))['rabbitmq-env.conf'];
  expect(await env('profile: quorum')).not.toContain('ERL_ARGS');
  const two = 'profile: { name: quorum, replicas: 2 }';
  expect(await env(two)).toContain("SERVER_ADDITIONAL_ERL_ARGS='-rabbit quorum_cluster_size 2'\n");
  const both = `${two}\nrabbitmq: { environment: { SERVER_ADDITIONAL_ERL_ARGS: +S 2 } }`;
  expect(await env(both)).toContain("ERL_ARGS='-rabbit quorum_cluster_size 2 +S 2'\n");
});

test('environment, plugins and limits', async () => {
  const short = await fiveHosts(`plugins: [rabbitmq_shovel]
rabbitmq: { environment: { SERVER_ADDITIONAL_ERL_ARGS: "-kernel x 'y'" }, limits: { open_files: 100000 } }`);
  const file = { ...short, rabbitmq: { ...short.rabbitmq, long_names: true } };
  const written = await files(file);
  expect(written['rabbitmq-env.conf']).toContain('USE_LONGNAME=true\n');
  expect(written['rabbitmq-env.conf']).toContain(`SERVER_ADDITIONAL_ERL_ARGS='-kernel x '\\''y'\\'''\n`);
  expect(written.enabled_plugins).toBe('[rabbitmq_management,rabbitmq_shovel].\n');
  expect(written['limits.conf']).toContain('[Service]\nLimitNOFILE=100000\n');
});
