/** Two nodes: joining, listings over both, forgetting. Texts are those of RabbitMQ 3.10.8. */
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { BrokerNode } from '../../../src/broker/node.js';
import { host, Stage } from './stage.js';

const stage = new Stage();
const hare = `hare@${host}`;
const rabbit = `rabbit@${host}`;
let client: ChannelModel;
let rabbitNode: BrokerNode;

const json = async (name: string, ...argv: string[]) => {
  const { stdout } = await stage.ctl(name, ...argv, '--formatter', 'json');
  return JSON.parse(stdout) as Record<string, unknown>[] & Record<string, unknown>;
};

beforeAll(async () => {
  await stage.start('hare');
  rabbitNode = await stage.start('rabbit');
  await stage.ctl('rabbit', 'stop_app');
  expect(await stage.ctl('rabbit', 'join_cluster', 'hare')).toEqual({
    status: 0,
    stdout: `Clustering node ${rabbit} with hare\n`,
    stderr: '',
  });
  await stage.ctl('rabbit', 'start_app');
  client = await connect(`amqp://guest:guest@127.0.0.1:${stage.amqpPort('hare')}`);
  const channel = await client.createConfirmChannel();
  await channel.assertExchange('dlx', 'fanout', { durable: true });
  await channel.assertExchange('ev', 'topic', { durable: false, autoDelete: true, alternateExchange: 'dlx' });
  await channel.assertQueue('tasks', {
    durable: true,
    arguments: { 'x-message-ttl': 60000, 'x-max-length': 10 },
  });
  await channel.assertQueue('prio', { durable: true, maxPriority: 5 });
  await channel.bindQueue('tasks', 'ev', 'a.*.b');
  await channel.bindQueue('tasks', 'dlx', '', { x: 1, s: 'str' });
  await channel.bindExchange('dlx', 'ev', '#');
  for (const body of ['a', 'b', 'c']) channel.sendToQueue('tasks', Buffer.from(body), { persistent: true });
  await channel.waitForConfirms();
  await channel.prefetch(5);
  await channel.consume('prio', () => {}, { consumerTag: 'ctag-2', exclusive: true, priority: 3 });
});
afterAll(async () => {
  await client.close().catch(() => {});
  await stage.close();
});

it('cluster_status knows both nodes, from either', async () => {
  for (const name of ['hare', 'rabbit']) {
    expect(await json(name, 'cluster_status')).toMatchObject({
      alarms: [],
      disk_nodes: [hare, rabbit],
      ram_nodes: [],
      running_nodes: [hare, rabbit],
      partitions: {},
      maintenance_status: { [hare]: 'not under maintenance', [rabbit]: 'not under maintenance' },
      listeners: { [hare]: expect.any(Array), [rabbit]: expect.any(Array) },
      versions: { [hare]: { rabbitmq_name: 'RabbitMQ', rabbitmq_version: '3.10.8' } },
    });
  }
  const { stdout } = await stage.ctl('hare', 'cluster_status', '-q');
  expect(stdout).toContain(
    `\u001b[1mDisk Nodes\u001b[0m\n\n${hare}\n${rabbit}\n\n\u001b[1mRunning Nodes\u001b[0m`,
  );
});

// As RabbitMQ shows a node that hangs, once it has waited for it.
it('cluster_status shows a running node that tells nothing of itself', async () => {
  const facts = vi.spyOn(rabbitNode, 'facts').mockImplementation(() => {
    throw new Error('silent');
  });
  try {
    expect(await json('hare', 'cluster_status')).toMatchObject({
      running_nodes: [hare, rabbit],
      maintenance_status: { [hare]: 'not under maintenance', [rabbit]: 'unknown' },
      listeners: { [hare]: expect.any(Array), [rabbit]: [] },
      versions: { [rabbit]: { erlang_version: null, rabbitmq_name: null, rabbitmq_version: null } },
    });
    const { stdout } = await stage.ctl('hare', 'cluster_status', '-q');
    expect(stdout).toContain(`\n${rabbit}:   on Node.js \n`);
    expect(stdout).toContain(`\nNode: ${rabbit}, status: unknown\n`);
  } finally {
    facts.mockRestore();
  }
});

it('list_queues lists the queues of both nodes, from either', async () => {
  for (const name of ['hare', 'rabbit']) {
    expect((await stage.ctl(name, 'list_queues')).stdout.split('\n').sort()).toEqual(
      [
        'Timeout: 60.0 seconds ...',
        'Listing queues for vhost / ...',
        'name\tmessages',
        'tasks\t3',
        'prio\t0',
        '',
      ].sort(),
    );
  }
  const columns = [
    'name',
    'arguments',
    'durable',
    'messages_persistent',
    'slave_pids',
    'leader',
    'members',
    'owner_pid',
  ];
  expect(await json('rabbit', 'list_queues', ...columns)).toContainEqual({
    name: 'tasks',
    arguments: [
      ['x-message-ttl', 'signedint', 60000],
      ['x-max-length', 'byte', 10],
    ],
    durable: true,
    messages_persistent: 3,
    slave_pids: '',
    leader: '',
    members: '',
    owner_pid: '',
  });
  expect((await stage.ctl('rabbit', 'list_queues', '-q', '--local')).stdout).toBe('');
  expect((await stage.ctl('hare', 'list_queues', '-s', 'name,arguments', '--local')).stdout).toContain(
    'tasks\t[{"x-message-ttl",60000},{"x-max-length",10}]',
  );
  expect((await stage.ctl('rabbit', 'list_queues', '-q', '--offline')).stdout).toBe('');
});

it('lists exchanges and bindings with typed arguments', async () => {
  expect(await json('rabbit', 'list_exchanges', 'name', 'type', 'auto_delete', 'arguments')).toContainEqual({
    name: 'ev',
    type: 'topic',
    auto_delete: true,
    arguments: [['alternate-exchange', 'longstr', 'dlx']],
  });
  const { stdout } = await stage.ctl('rabbit', 'list_bindings', '-s');
  expect(stdout.split('\n').sort()).toEqual(
    [
      '\texchange\ttasks\tqueue\ttasks\t[]',
      '\texchange\tprio\tqueue\tprio\t[]',
      'dlx\texchange\ttasks\tqueue\t\t[{"s","str"},{"x",1}]',
      'ev\texchange\tdlx\texchange\t#\t[]',
      'ev\texchange\ttasks\tqueue\ta.*.b\t[]',
      '',
    ].sort(),
  );
});

it('lists connections, channels and consumers wherever they are', async () => {
  expect(
    (await stage.ctl('rabbit', 'list_connections', '-s', 'user', 'vhost', 'state', 'protocol')).stdout,
  ).toBe('guest\t/\trunning\t{0,9,1}\n');
  const wanted = ['number', 'user', 'confirm', 'consumer_count', 'prefetch_count'];
  expect(await json('rabbit', 'list_channels', ...wanted)).toEqual([
    { number: 1, user: 'guest', confirm: true, consumer_count: 1, prefetch_count: 5 },
  ]);
  const columns = [
    'queue_name',
    'consumer_tag',
    'ack_required',
    'prefetch_count',
    'active',
    'activity_status',
    'arguments',
  ];
  expect((await stage.ctl('rabbit', 'list_consumers', '-s', ...columns)).stdout).toBe(
    'prio\tctag-2\ttrue\t5\ttrue\tup\t[{"x-priority",3}]\n',
  );
});

it('mirrors show up under a policy, and purge and delete work from the other node', async () => {
  await stage.ctl('rabbit', 'set_policy', 'ha-all', '^prio', '{"ha-mode":"all"}');
  const [prio] = await json('hare', 'list_queues', 'name', 'slave_pids', 'policy').then((all) =>
    all.filter((queue) => queue.name === 'prio'),
  );
  expect(prio).toMatchObject({ policy: 'ha-all', slave_pids: [expect.stringContaining(rabbit)] });
  expect(await stage.ctl('rabbit', 'purge_queue', 'tasks')).toEqual({
    status: 0,
    stdout: "Purging queue 'tasks' in vhost '/' ...\n",
    stderr: '',
  });
  expect(await stage.ctl('rabbit', 'delete_queue', 'prio', '--if-unused')).toEqual({
    status: 64,
    stdout: "Deleting queue 'prio' on vhost '/' if queue is unused ...\n",
    stderr: 'Error:\nQueue is in use\n',
  });
  expect(await stage.ctl('rabbit', 'delete_queue', 'tasks')).toEqual({
    status: 0,
    stdout: "Deleting queue 'tasks' on vhost '/' ...\nQueue was successfully deleted with 0 ready messages\n",
    stderr: '',
  });
});

it('an alarm of one node is everybody’s', async () => {
  const check = (name: string, command: string) =>
    stage.run('rabbitmq-diagnostics', ['-n', name, command, '-q']);
  await stage.ctl('hare', 'set_vm_memory_high_watermark', 'absolute', '1');
  const line = `Memory alarm on node ${hare}`;
  await expect
    .poll(() => check('rabbit', 'check_alarms'))
    .toEqual({ status: 69, stdout: '', stderr: `${line}\n` });
  expect(await check('hare', 'check_local_alarms')).toEqual({
    status: 69,
    stdout: '',
    stderr: `Error:\n${line}\n`,
  });
  expect((await check('rabbit', 'check_local_alarms')).stdout).toBe(
    `Node ${rabbit} reported no local alarms\n`,
  );
  expect(await json('rabbit', 'cluster_status')).toMatchObject({
    alarms: [{ node: hare, resource: 'memory', type: 'resource_limit' }],
  });
  await stage.ctl('hare', 'set_vm_memory_high_watermark', '0.99');
  await expect.poll(async () => (await check('rabbit', 'check_alarms')).status).toBe(0);
});

it('a connection is closed from the other node, with the reason', async () => {
  const closed = new Promise<Error>((resolve) => client.once('close', resolve));
  expect(await stage.ctl('rabbit', 'close_all_connections', 'bye')).toEqual({
    status: 0,
    stdout: 'Closing all connections in vhost /, reason: bye...\nClosed 1 connections\n',
    stderr: '',
  });
  expect((await closed).message).toMatch(/320.*bye/);
});

it('a node that runs is not forgotten; one that is stopped is, and cannot come back before a reset', async () => {
  expect(await stage.ctl('hare', 'forget_cluster_node', 'rabbit')).toEqual({
    status: 69,
    stdout: 'Removing node rabbit from the cluster\n',
    stderr: `Error:\nRabbitMQ on node ${rabbit} must be stopped with 'rabbitmqctl -n ${rabbit} stop_app' before it can be removed\n`,
  });
  await stage.ctl('rabbit', 'stop_app');
  expect(await stage.ctl('rabbit', 'join_cluster', 'hare')).toMatchObject({
    status: 0,
    stdout: `Clustering node ${rabbit} with hare\nThe node is already a member of this cluster\n`,
  });
  expect(await json('hare', 'cluster_status')).toMatchObject({
    disk_nodes: [hare, rabbit],
    running_nodes: [hare],
  });
  expect(await stage.ctl('hare', 'forget_cluster_node', rabbit)).toMatchObject({ status: 0, stderr: '' });
  expect(await json('hare', 'cluster_status')).toMatchObject({ disk_nodes: [hare] });
  expect(await stage.ctl('rabbit', 'start_app')).toMatchObject({
    status: 69,
    stderr: expect.stringContaining("{:rabbit, {{:inconsistent_cluster, 'Node "),
  });
  expect(await stage.ctl('rabbit', 'reset')).toMatchObject({ status: 0 });
  expect(await stage.ctl('rabbit', 'start_app')).toMatchObject({ status: 0 });
});

it('stop ends the node', async () => {
  expect(await stage.ctl('rabbit', 'stop')).toEqual({
    status: 0,
    stdout: `Stopping and halting node ${rabbit} ...\n`,
    stderr: '',
  });
  expect((await stage.ctl('rabbit', 'ping')).status).toBe(69);
});
