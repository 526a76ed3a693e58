import { expect, test } from 'vitest';
import { localSettings, notForHere } from '../../src/cluster-file/local-settings.js';
import { parseClusterFile } from '../../src/cluster-file/read.js';
import { nodeEnvironment } from '../../src/drivers/engine/node-environment.js';
import { clusterFolders } from '../../src/drivers/local-state/folders.js';

const file = () =>
  parseClusterFile(
    `nodes: [{ name: a, rabbitmq: { config: { heartbeat: 10 }, environment: { IO_THREAD_POOL_SIZE: 8 } } }, { name: b }]
rabbitmq:
  version: 3.10.8
  config: { heartbeat: 60, channel_max: 100, management.tcp.port: 1, cluster_name: other }
  environment: { SERVER_ADDITIONAL_ERL_ARGS: +S 2, NODENAME: other }
`,
    'warren.yaml',
  );

test("a node's own settings win over those of all, and names and ports are nobody's", async () => {
  const read = await file();
  expect(localSettings(read, read.nodes![0])).toEqual({
    config: { heartbeat: '10', channel_max: '100' },
    environment: { SERVER_ADDITIONAL_ERL_ARGS: '+S 2', IO_THREAD_POOL_SIZE: '8' },
  });
  expect(localSettings(read).config).toEqual({ heartbeat: '60', channel_max: '100' });
});

test('what has no meaning on this machine is named', async () => {
  expect(notForHere(await file())).toEqual([
    "not taken over, since names and ports on this machine are up's own: management.tcp.port, cluster_name, NODENAME",
    'for nodes on hosts, and not used here: rabbitmq.version',
  ]);
  expect(notForHere(await parseClusterFile('nodes: 3\n', 'warren.yaml'))).toEqual([]);
});

test('the environment goes to the server, beside what makes the node this node', async () => {
  const settings = localSettings(await file());
  const node = { name: 'a@localhost', amqpPort: 1, managementPort: 2, distPort: 3, settings };
  const env = nodeEnvironment(node, clusterFolders('/state', 'blue'), { RABBITMQ_NODENAME: 'stranger' });
  expect(env).toMatchObject({
    RABBITMQ_NODENAME: 'a@localhost',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2 -kernel inet_dist_use_interface {127,0,0,1}',
  });
});
