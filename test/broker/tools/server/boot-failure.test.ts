import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { ClusterError } from '../../../../src/broker/cluster/cluster-port.js';
import { NodeNameInUse } from '../../../../src/broker/cluster/registry.js';
import { ConfigError } from '../../../../src/broker/config/config-error.js';
import { CookieError } from '../../../../src/broker/config/cookie.js';
import { bootFailure } from '../../../../src/broker/tools/server/boot-failure.js';

const system = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: no`), { code, ...more });

it.each([
  [
    new ConfigError('/etc/rabbitmq.conf:3', 'there is no setting named x'),
    78,
    'ERROR: /etc/rabbitmq.conf:3: there',
  ],
  [new CookieError('empty', 'Too short cookie string'), 78, 'ERROR: Too short cookie string'],
  [
    new NodeNameInUse({ name: 'hare@host', pid: 42, port: 1, address: '127.0.0.1', amqpPort: 2 }),
    69,
    'ERROR: node with name "hare" is already running on host "host" (process 42)\nNext: set another RABBITMQ_NODENAME, or stop that node: rabbitmqctl -n hare@host stop',
  ],
  [new ClusterError('inconsistent_cluster', 'node x disagrees'), 69, 'ERROR: node x disagrees'],
  [system('EACCES'), 77, 'ERROR: EACCES: no\nNext: start the node as the owner of its files'],
  [system('ENOSPC'), 73, 'ERROR: ENOSPC: no'],
  [new Error('a bug'), 70, 'ERROR: Error: a bug'],
])('%s', (error, status, text) => {
  const failure = bootFailure(error, null);
  expect(failure.status).toBe(status);
  expect(failure.text).toContain(text);
});

it('names the process that holds a port', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { status, text } = bootFailure(system('EADDRINUSE', { port, address: '127.0.0.1' }), null);
  server.close();
  expect(status).toBe(69);
  expect(text).toMatch(
    new RegExp(`^ERROR: port ${port} of 127.0.0.1 is in use by .+ \\(process ${process.pid}\\)\\nNext: `),
  );
});
