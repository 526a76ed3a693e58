import { connect } from 'amqplib';
import { describe } from 'vitest';
import type { EngineNode } from '../../engines/node.js';
import { exact, listing, session, shape, statusOnly } from './session.js';

const ctl = (command: string) => exact(`rabbitmqctl ${command}`);
const list = (command: string) => listing(`rabbitmqctl ${command}`);

describe('rabbitmqctl', () => {
  session(
    'refuses what it does not know',
    ctl('nosuch'),
    statusOnly('rabbitmqctl'),
    ctl('add_user'),
    ctl('add_user one two three'),
    ctl('list_users --nosuch'),
    ctl('list_queues nosuch'),
    ctl('list_queues name nosuch messages worse'),
    ctl('-n nowhere@nohost version'),
    ctl('delete_user nosuch'),
    ctl('set_user_tags nosuch administrator'),
    ctl('change_password nosuch secret'),
    ctl('delete_vhost nosuch'),
    ctl('set_permissions -p nosuch guest .* .* .*'),
    ctl('set_permissions nosuch .* .* .*'),
    ctl('clear_permissions -p nosuch guest'),
    ctl('list_permissions -p nosuch'),
    ctl('list_queues -p nosuch'),
    ctl('list_queues -p nosuch --formatter json'),
    ctl('list_exchanges -p nosuch'),
    ctl('list_bindings -p nosuch'),
    ctl('list_policies -p nosuch'),
    ctl('clear_policy nosuch'),
    ctl('purge_queue nosuch'),
    ctl('delete_queue nosuch'),
  );

  session(
    'users',
    ctl('add_user ada lovelace'),
    ctl('add_user ada again'),
    ctl('authenticate_user ada lovelace'),
    ctl('authenticate_user ada wrong'),
    ctl('change_password ada byron'),
    ctl('authenticate_user ada byron'),
    ctl('set_user_tags ada monitoring policymaker'),
    list('list_users'),
    ctl('list_users -q'),
    ctl('list_users -s'),
    ctl('list_users --no-table-headers'),
    ctl('list_users --formatter csv'),
    ctl('set_user_tags ada'),
    ctl('clear_password ada'),
    ctl('authenticate_user ada byron'),
    ctl('delete_user ada'),
    list('list_users'),
  );

  session(
    'vhosts and permissions',
    ctl('add_vhost ctl-vhost'),
    ctl('add_vhost ctl-vhost'),
    ctl("add_vhost ctl-told --description 'what for' --tags one,two"),
    list('list_vhosts'),
    list('list_vhosts name tracing'),
    list('list_vhosts name description default_queue_type'),
    ctl('list_vhosts nosuch'),
    ctl('add_user ada lovelace'),
    ctl("set_permissions -p ctl-vhost ada '^a' '^b' '.*'"),
    statusOnly("rabbitmqctl set_permissions -p ctl-vhost ada '[' '.*' '.*'"),
    list('list_permissions -p ctl-vhost'),
    list('list_user_permissions ada'),
    ctl('list_user_permissions nosuch'),
    ctl("set_topic_permissions -p ctl-vhost ada amq.topic '^a' '^b'"),
    list('list_topic_permissions -p ctl-vhost'),
    list('list_user_topic_permissions ada'),
    ctl('clear_topic_permissions -p ctl-vhost ada'),
    ctl('clear_permissions -p ctl-vhost ada'),
    list('list_permissions -p ctl-vhost'),
    ctl('delete_vhost ctl-vhost'),
    ctl('delete_vhost ctl-told'),
    ctl('delete_user ada'),
  );

  session(
    'policies and parameters',
    ctl('add_vhost ctl-vhost'),
    ctl(`set_policy -p ctl-vhost mirrors '^q' '{"ha-mode":"all","ha-sync-mode":"automatic"}'`),
    ctl(`set_policy -p ctl-vhost limits '^l' '{"max-length":10}' --priority 5 --apply-to queues`),
    list('list_policies -p ctl-vhost'),
    ctl(`set_policy -p ctl-vhost wrong '^q' '{"ha-model":"all"}'`),
    ctl(`set_policy -p ctl-vhost wrong '^q' '{"max-length":-5}'`),
    ctl(`set_policy -p ctl-vhost wrong '^q' '{"max-length":"many"}'`),
    ctl(`set_policy -p ctl-vhost wrong '^q' '{"ha-mode":"exactly"}'`),
    ctl(`set_policy -p ctl-vhost wrong '^q' '{"ha-mode":"some"}'`),
    ctl(`set_policy -p ctl-vhost wrong '^q' 'not json'`),
    statusOnly(`rabbitmqctl set_policy -p ctl-vhost wrong '^q' '[1]'`),
    statusOnly(`rabbitmqctl set_policy -p ctl-vhost wrong '[' '{"max-length":5}'`),
    ctl(`set_policy -p ctl-vhost wrong '^q' '{"max-length":5}' --apply-to everything`),
    ctl(`set_policy -p ctl-vhost wrong '^q' '{"max-length":5}' --priority high`),
    ctl('clear_policy -p ctl-vhost mirrors'),
    ctl('clear_policy -p ctl-vhost mirrors'),
    ctl(`set_operator_policy -p ctl-vhost roof '^q' '{"max-length":5}'`),
    ctl(`set_operator_policy -p ctl-vhost wrong '^q' '{"ha-mode":"all"}'`),
    list('list_operator_policies -p ctl-vhost'),
    ctl('clear_operator_policy -p ctl-vhost roof'),
    (node) => node.ctl('set_cluster_name', node.name),
    ctl(`set_global_parameter mine '{"a":1}'`),
    list('list_global_parameters'),
    ctl('clear_global_parameter mine'),
    ctl('clear_global_parameter mine'),
    ctl(`set_parameter -p ctl-vhost nosuch name '{"a":1}'`),
    list('list_parameters -p ctl-vhost'),
    ctl('clear_parameter -p ctl-vhost nosuch name'),
    ctl('delete_vhost ctl-vhost'),
  );

  session(
    'queues, exchanges, bindings',
    ctl('add_vhost ctl-vhost'),
    ctl("set_permissions -p ctl-vhost guest '.*' '.*' '.*'"),
    (node) => furnish(node, 'ctl-vhost'),
    list('list_queues -p ctl-vhost'),
    list('list_queues -p ctl-vhost name durable auto_delete arguments policy'),
    list('list_queues -p ctl-vhost name messages_ready messages_unacknowledged messages consumers state'),
    list('list_queues -p ctl-vhost name exclusive type leader members online'),
    list('list_queues -p ctl-vhost name pid owner_pid slave_pids synchronised_slave_pids'),
    list(
      'list_queues -p ctl-vhost name message_bytes message_bytes_ready message_bytes_persistent messages_persistent',
    ),
    ctl('list_queues -p ctl-vhost --online name'),
    ctl('list_queues -p ctl-vhost --offline name'),
    ctl('list_queues -p ctl-vhost --local name'),
    ctl('list_queues -p ctl-vhost --formatter csv'),
    ctl('list_queues -p ctl-vhost --formatter pretty_table name'),
    ctl('list_queues -p ctl-vhost -q'),
    ctl('list_queues -p ctl-vhost -s'),
    list('list_exchanges -p ctl-vhost'),
    list('list_exchanges -p ctl-vhost name type durable auto_delete internal arguments policy'),
    list('list_bindings -p ctl-vhost'),
    list('list_bindings -p ctl-vhost source_name destination_name routing_key arguments'),
    ctl('purge_queue -p ctl-vhost full'),
    ctl('list_queues -p ctl-vhost name messages'),
    ctl('delete_queue -p ctl-vhost full'),
    ctl('delete_queue -p ctl-vhost plain --if-empty'),
    (node) => refill(node, 'ctl-vhost'),
    ctl('delete_queue -p ctl-vhost kept --if-empty'),
    ctl('delete_queue -p ctl-vhost kept -u'),
    ctl('list_queues -p ctl-vhost'),
    ctl('delete_vhost ctl-vhost'),
  );

  session(
    'connections, channels, consumers',
    ctl('add_vhost ctl-vhost'),
    ctl("set_permissions -p ctl-vhost guest '.*' '.*' '.*'"),
    (node) => withClient(node, 'ctl-vhost'),
    list(
      'list_connections user vhost state channels protocol auth_mechanism ssl frame_max channel_max timeout',
    ),
    list('list_connections user peer_host host port node'),
    ctl('list_connections nosuch'),
    list(
      'list_channels user vhost number consumer_count prefetch_count global_prefetch_count confirm transactional',
    ),
    list('list_channels messages_unacknowledged messages_unconfirmed acks_uncommitted state'),
    ctl('list_channels nosuch'),
    list(
      'list_consumers -p ctl-vhost queue_name consumer_tag ack_required prefetch_count active activity_status arguments',
    ),
    ctl('list_consumers -p ctl-vhost nosuch'),
    ctl("close_all_connections --vhost ctl-vhost 'goodbye'"),
    ctl('delete_vhost ctl-vhost'),
  );

  session(
    'tracing',
    ctl('add_vhost ctl-vhost'),
    ctl('trace_on -p ctl-vhost'),
    list('list_vhosts name tracing'),
    ctl('trace_off -p ctl-vhost'),
    list('list_vhosts name tracing'),
    ctl('trace_on -p nosuch'),
    ctl('trace_off -p nosuch'),
    ctl('delete_vhost ctl-vhost'),
  );

  session(
    'the node',
    ctl('ping'),
    ctl('await_startup'),
    ctl('await_startup --timeout 5'),
    ctl('ping --formatter json'),
    ctl('version'),
    statusOnly('rabbitmqctl status'),
    statusOnly('rabbitmqctl status --formatter json'),
    shape('rabbitmqctl cluster_status'),
    shape('rabbitmqctl cluster_status --formatter json'),
    ctl('set_cluster_name warren-twin'),
    (node) => node.ctl('set_cluster_name', node.name),
    ctl('list_feature_flags --formatter json'),
    ctl('reset'),
    ctl('force_reset'),
    ctl('join_cluster nowhere@nohost'),
    ctl('forget_cluster_node nowhere@nohost'),
    ctl('await_online_nodes 1'),
    statusOnly('rabbitmqctl report'),
    statusOnly('rabbitmqctl environment'),
    ctl('wait --timeout 2 /nonexistent/pid'),
  );

  session(
    'operations',
    list('set_log_level debug'),
    ctl('set_log_level nosuch'),
    ctl('set_log_level'),
    list('set_log_level info'),
    list('force_gc'),
    ctl('force_boot'),
    list('list_unresponsive_queues'),
    ctl('hipe_compile anywhere'),
    list('suspend_listeners'),
    (node) => turnedAway(node),
    ctl('suspend_listeners'),
    list('resume_listeners'),
    (node) => node.api('GET', 'overview'),
    async (node) => (await connect(node.url)).close(),
  );
});

/** Whoever comes while listeners are suspended. */
async function turnedAway(node: EngineNode): Promise<void> {
  for (const attempt of [connect(node.url), node.api('GET', 'overview')]) {
    const came = await attempt.then(
      () => true,
      () => false,
    );
    if (came) throw new Error(`${node.name} takes connections though its listeners are suspended`);
  }
}

async function furnish(node: EngineNode, vhost: string): Promise<void> {
  const connection = await connect(`${node.url}/${vhost}`);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('plain', { durable: true });
  await channel.assertQueue('passing', { durable: false, autoDelete: true });
  await channel.assertQueue('full', {
    durable: true,
    arguments: { 'x-max-length': 10, 'x-message-ttl': 600_000 },
  });
  await channel.assertQueue('kept', { durable: true });
  await channel.assertExchange('inner', 'topic', { internal: true });
  await channel.assertExchange('spared', 'direct', {
    durable: false,
    arguments: { 'alternate-exchange': 'amq.fanout' },
  });
  await channel.bindQueue('plain', 'inner', 'a.#');
  await channel.bindQueue('full', 'amq.headers', '', { 'x-match': 'any', colour: 'red' });
  await channel.bindExchange('inner', 'amq.topic', 'x.*');
  channel.sendToQueue('full', Buffer.from('one'), { persistent: true });
  channel.sendToQueue('full', Buffer.from('two'));
  await channel.waitForConfirms();
  await connection.close();
}

async function refill(node: EngineNode, vhost: string): Promise<void> {
  const connection = await connect(`${node.url}/${vhost}`);
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue('kept', Buffer.from('one'));
  await channel.waitForConfirms();
  await connection.close();
}

/** A client that stays until its connection is closed by the broker. */
async function withClient(node: EngineNode, vhost: string): Promise<void> {
  const connection = await connect(`${node.url}/${vhost}`, { clientProperties: { connection_name: 'twin' } });
  connection.on('error', () => {});
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
  await channel.assertQueue('q', { durable: true });
  await channel.prefetch(7);
  channel.sendToQueue('q', Buffer.from('one'));
  await channel.waitForConfirms();
  const received = new Promise((resolve) => {
    void channel.consume('q', resolve, { consumerTag: 'mine', priority: 3 });
  });
  await received;
  await new Promise((resolve) => setTimeout(resolve, 300));
}
