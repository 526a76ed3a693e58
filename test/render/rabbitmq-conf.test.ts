import { expect, test } from 'vitest';
import { enabledPlugins, rabbitmqConf } from '../../src/render/rabbitmq-conf.js';
import { template } from '../../src/render/template.js';

const node = { name: 'rabbit-1@localhost', amqpPort: 5672, managementPort: 15672 };

test('a node of a cluster is told of all', async () => {
  const peers = ['rabbit-1@localhost', 'rabbit-2@localhost'];
  expect(
    await (await rabbitmqConf())({ cluster: 'blue', node, peers }),
  ).toBe(`# Node rabbit-1@localhost of cluster blue, written by warren.
listeners.tcp.default = 127.0.0.1:5672
management.tcp.ip = 127.0.0.1
management.tcp.port = 15672
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = 15692
cluster_name = blue
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = rabbit-1@localhost
cluster_formation.classic_config.nodes.2 = rabbit-2@localhost
`);
});

test('a single node looks for nobody', async () => {
  const text = await (await rabbitmqConf())({ cluster: 'blue', node, peers: [node.name] });
  expect(text).not.toContain('cluster_formation');
});

test('a variable that is not given is an error that says which and where', async () => {
  await expect((await template('rabbitmq.conf'))({ node, peers: [] })).rejects.toThrow(
    /undefined variable: cluster.*line:1/,
  );
});

test('the enabled plugins are an Erlang list', () => {
  expect(enabledPlugins(['rabbitmq_management', 'rabbitmq_shovel'])).toBe(
    '[rabbitmq_management,rabbitmq_shovel].\n',
  );
});
