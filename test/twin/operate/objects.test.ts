import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../engines/until.js';
import { onBoth } from './stage.js';

onBoth('vhosts, permissions, policies, exchanges, parameters', (warren) => {
  const { node } = warren;
  beforeAll(async () => {
    await warren.said(['vhost', 'add', 'shop', '--description', 'Orders']);
    await warren.said('user add app --tags management --password-stdin', 'secret');
  });
  afterAll(async () => {
    await node.api('DELETE', 'vhosts/shop');
    await node.api('DELETE', 'users/app');
  });

  test('vhosts', async () => {
    expect(await warren.said('vhost add shop')).toBe('vhost shop: was there already.\n');
    expect(await warren.json('vhost list --filter ^shop --columns name,description')).toEqual([
      { name: 'shop', description: 'Orders' },
    ]);
    await warren.said('vhost limit shop max-queues=5 max-connections=7');
    const limits = await node.api('GET', 'vhost-limits/shop');
    expect(limits.body).toEqual([{ vhost: 'shop', value: { 'max-queues': 5, 'max-connections': 7 } }]);
    await warren.said('vhost limit shop max-queues=');
    expect((await warren.run('vhost limit none max-queues=1')).stderr).toContain("there is no vhost 'none'");
    await warren.said('vhost add gone');
    expect((await warren.run('vhost delete gone', {}, '')).status).toBe(64);
    expect(await warren.said('vhost delete gone --yes')).toBe('vhost gone: deleted.\n');
  });

  test('permissions, of topics too', async () => {
    const set = [
      'permission',
      'set',
      'app',
      '--vhost',
      'shop',
      '--configure',
      '',
      '--write',
      '^o',
      '--read',
      '.*',
    ];
    expect(await warren.said(set)).toBe(
      'permission of user app in vhost shop: set: configure nothing, write ^o, read .*.\n',
    );
    expect(await warren.said('permission list --vhost shop --filter app')).toBe(
      "USER  VHOST  CONFIGURE  WRITE  READ\napp   shop   ''         ^o     .*\n",
    );
    expect(await warren.json('permission list --user app --columns vhost,write')).toEqual([
      { vhost: 'shop', write: '^o' },
    ]);
    expect(await warren.json('permission show app --vhost shop')).toMatchObject({
      configure: '',
      write: '^o',
    });
    await warren.said('permission set app --vhost shop --exchange amq.topic --write ^a --read .*');
    expect(await warren.json('permission list --topic --user app')).toMatchObject([
      { exchange: 'amq.topic', write: '^a', read: '.*' },
    ]);
    expect(await warren.said('permission clear app --topic --vhost shop --yes')).toContain('cleared');
    expect(await warren.said('permission clear app --vhost shop --yes')).toContain('cleared');
    expect((await warren.run('permission show app --vhost shop')).stderr).toContain(
      "no permission of user 'app'",
    );
    expect((await warren.run(['permission', 'set', 'app', '--write', '('])).status).toBe(65);
  });

  test('policies, of operators too; the notes’ ha-model is refused in its own words', async () => {
    const set = [
      'policy',
      'set',
      'short',
      '^tmp',
      'message-ttl=60000',
      '--vhost',
      'shop',
      '--apply-to',
      'queues',
    ];
    expect(await warren.said(set)).toBe('policy short in vhost shop: set.\n');
    await warren.said([
      'policy',
      'set',
      'cap',
      '.*',
      'max-length=9',
      '--vhost',
      'shop',
      '--operator',
      '--apply-to',
      'queues',
    ]);
    expect(await warren.json('policy list --vhost shop')).toMatchObject([
      { name: 'short', definition: { 'message-ttl': 60_000 }, 'apply-to': 'queues' },
    ]);
    expect(await warren.said('policy list --vhost shop --operator --columns name,definition')).toBe(
      'NAME  DEFINITION\ncap   max-length=9\n',
    );
    await warren.said('queue declare tmp-1 --vhost shop');
    await until('the policies apply', async () => {
      const queue = await warren.json('queue show tmp-1 --vhost shop');
      return queue.policy === 'short' && queue.operator_policy === 'cap';
    });
    expect(await warren.run(['policy', 'set', 'ha-all', '^', 'ha-model=all'])).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('ha-model'),
    });
    expect((await warren.run('policy set ha-all ^ ha-model')).stderr).toContain('is not KEY=VALUE');
    await warren.said('policy delete short --vhost shop --yes');
    await warren.said('policy delete cap --operator --vhost shop --yes');
    expect((await warren.run('policy delete short --vhost shop --yes')).stderr).toContain(
      "no policy 'short'",
    );
  });

  test('one node has nowhere to copy queues to', async () => {
    expect((await warren.run('ha set --vhost shop')).stderr).toContain('one node only');
    const [queue] = await warren.json<unknown[]>('ha status --vhost shop --columns name,copies,safe');
    expect(queue).toEqual({ name: 'tmp-1', copies: 1, safe: 'no: one copy only' });
    expect(await warren.said('ha clear --vhost shop --yes')).toContain('no policy mirrors anything');
  });

  test('exchanges and bindings', async () => {
    const declare = 'exchange declare events --type topic --vhost shop';
    expect(await warren.said(declare)).toBe('exchange events in vhost shop: declared.\n');
    expect(await warren.said(declare)).toContain('was there already');
    expect((await warren.run('exchange declare events --type fanout --vhost shop')).status).toBe(65);
    const rows = await warren.json<{ name: string }[]>('exchange list --vhost shop --columns name,type');
    expect(rows).toContainEqual({ name: 'events', type: 'topic' });
    const key = ['--routing-key', 'order.#', '--vhost', 'shop'];
    await warren.said(['binding', 'add', 'events', 'tmp-1', ...key]);
    await warren.said([
      'binding',
      'add',
      'events',
      'amq.fanout',
      '--to-exchange',
      '--argument',
      'n=1',
      '--vhost',
      'shop',
    ]);
    expect(
      await warren.said(
        'binding list --vhost shop --filter ^events --columns source,destination,routing_key,arguments --sort destination',
      ),
    ).toBe(
      "SOURCE  DESTINATION  ROUTING KEY  ARGUMENTS\nevents  amq.fanout   ''           n=1\nevents  tmp-1        order.#      -\n",
    );
    await warren.said(['binding', 'delete', 'events', 'tmp-1', ...key, '--yes']);
    expect((await warren.run(['binding', 'delete', 'events', 'tmp-1', ...key, '--yes'])).status).toBe(69);
    expect((await warren.run('binding add none tmp-1 --vhost shop')).status).toBe(69);
    await warren.said('exchange delete events --vhost shop --yes');
  });

  test('parameters of the whole cluster', async () => {
    await warren.said(['parameter', 'set', 'where', '{"rack":7}', '--global']);
    expect(await warren.json('parameter list --global --filter ^where')).toEqual([
      { name: 'where', value: { rack: 7 } },
    ]);
    expect((await warren.run(['parameter', 'set', 'where', '{rack', '--global'])).status).toBe(64);
    expect((await warren.run('parameter set where 1')).stderr).toContain('--component');
    await warren.said('parameter delete where --global --yes');
  });

  test('feature flags', async () => {
    const flags = await warren.json<{ name: string; state: string }[]>(
      'feature-flag list --columns name,state',
    );
    expect(flags).toContainEqual({ name: 'quorum_queue', state: 'enabled' });
    expect(await warren.said('feature-flag enable all --yes')).toMatch(/^feature flags all: .*enabled/);
    expect((await warren.run('feature-flag enable nosuch --yes')).stderr).toContain(
      "no feature flag 'nosuch'",
    );
  });

  test('a connection is closed, and the client told why', async () => {
    const url = `amqp://127.0.0.1:${node.specification.ports.amqp}`;
    const connection = await connect(url, { clientProperties: { connection_name: 'to be closed' } });
    const ended = new Promise<string>((resolve) => {
      // amqplib takes a close by an operator (320) for no error.
      connection.on('close', (reason?: Error) => resolve(reason?.message ?? 'nothing'));
    });
    const channel = await connection.createChannel();
    await channel.assertQueue('read', { autoDelete: true });
    await channel.consume('read', () => {}, { consumerTag: 'reader' });
    let name = '';
    await until('the connection is listed', async () => {
      const rows = await warren.json<{ name: string; client: string; state: string }[]>(
        'connection list --vhost / --columns name,client,state',
      );
      name = rows.find(({ client, state }) => client === 'to be closed' && state === 'running')?.name ?? '';
      return name !== '';
    });
    // RabbitMQ lists a connection a moment before it can be asked for its channels.
    const rows = async (line: string[]) => {
      const { status, stdout } = await warren.run([...line, '--json']);
      return status === 0 ? (JSON.parse(stdout) as unknown[]).length : 0;
    };
    await until('its channel and consumer are', async () => {
      const channels = await rows(['channel', 'list', '--connection', name]);
      const consumers = await rows(['consumer', 'list', '--vhost', '/', '--filter', '^reader$']);
      return channels === 1 && consumers === 1;
    });
    expect(await warren.said(['connection', 'close', name, '--reason', 'noon', '--yes'])).toContain(
      'closed.',
    );
    expect(await ended).toContain('noon');
    expect((await warren.run(['connection', 'close', 'none', '--yes'])).stderr).toContain(
      "no connection 'none'",
    );
    expect((await warren.run('connection close --yes')).status).toBe(64);
    expect(await warren.said('connection close --user app --yes')).toContain('0 closed');
    expect((await warren.run('channel list --connection none')).stderr).toContain("no connection 'none'");
  });

  test('messages are looked at, taken, and delayed', async () => {
    await warren.said('queue declare target');
    await warren.said('delay target-in-1s --for 1s --to target');
    expect((await warren.run('delay x --for 1s --to none')).stderr).toContain("no queue 'none'");
    expect((await warren.run('delay x --for soon --to target')).status).toBe(64);
    const amqp = `amqp://guest:guest@127.0.0.1:${node.specification.ports.amqp}`;
    await warren.said(['publish', '--url', amqp, '--queue', 'target-in-1s', 'later']);
    expect(await warren.said('get target')).toBe('The queue is empty.\n');
    await until('it has arrived', async () => (await warren.json<unknown[]>('get target')).length === 1);
    const text = await warren.said('get target');
    expect(text).toContain("routing key 'target', redelivered");
    expect(text).toContain('later\n\n0 more in the queue.');
    expect((await warren.run('get target --take', {}, '')).status).toBe(64);
    expect(await warren.json('get target --take --yes')).toMatchObject([{ payload: 'later' }]);
    expect(await warren.json('get target')).toEqual([]);
    expect((await warren.run('get none')).stderr).toContain("no queue 'none'");
    for (const queue of ['target', 'target-in-1s']) await node.api('DELETE', `queues/%2F/${queue}`);
  });

  test('plugins are on the nodes’ own hosts, which a URL does not lead to', async () => {
    const rows = await warren.json<{ name: string; nodes: string[] }[]>('plugin list --columns name,nodes');
    expect(rows).toContainEqual({ name: 'rabbitmq_management', nodes: [node.name] });
    const [brought] = await warren.json<Record<string, string>[]>([
      ...'plugin list --filter agent'.split(' '),
    ]);
    expect(brought).toMatchObject({
      name: 'rabbitmq_management_agent',
      version: '3.10.8',
      state: 'implicit',
    });
    expect((await warren.run('plugin enable rabbitmq_tracing')).stderr).toContain('--cluster NAME|FILE');
    expect(await warren.run('federation status')).toMatchObject({
      status: 69,
      stderr: expect.stringContaining(
        'warren plugin enable rabbitmq_federation rabbitmq_federation_management',
      ),
    });
    expect((await warren.run('shovel list')).stderr).toContain('warren plugin enable rabbitmq_shovel');
  });
});
