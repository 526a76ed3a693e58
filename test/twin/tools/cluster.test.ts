/** Two nodes that become a cluster and cease to be one, and plugins that are really switched on and off. */
import { setTimeout } from 'node:timers/promises';
import { connect } from 'amqplib';
import { describe } from 'vitest';
import { shape } from '../../broker/management/transcript.js';
import type { EngineNode } from '../../engines/node.js';
import { until } from '../../engines/until.js';
import { exact, listing, type Step, sessionOnOwnNodes } from './session.js';

const ctl = (line: string) => exact(`rabbitmqctl ${line}`);
const plugins = (line: string) => exact(`rabbitmq-plugins ${line}`);
const members = [...listing('rabbitmqctl cluster_status'), ctl('-n NODE2 list_vhosts --silent')];

const queues = (line: string) => exact(`rabbitmq-queues ${line}`);

/** One quorum queue on the first node alone, one on both, and a classic one. */
async function declareQueues(node: EngineNode): Promise<void> {
  const client = await connect(`amqp://guest:guest@127.0.0.1:${node.specification.ports.amqp}`);
  const channel = await client.createChannel();
  const quorum = { 'x-queue-type': 'quorum' };
  await channel.assertQueue('alone', { arguments: { ...quorum, 'x-quorum-initial-group-size': 1 } });
  await channel.assertQueue('both', { arguments: quorum });
  await channel.assertQueue('classic');
  await client.close();
}

const membersOfQueues = [
  declareQueues,
  listing('rabbitmqctl list_queues name type members online leader'),
  queues('add_member alone NODE2'),
  queues('add_member alone NODE2'),
  queues('add_member alone nobody@nowhere'),
  queues('add_member nosuch NODE2'),
  queues('add_member classic NODE2'),
  queues('add_member alone'),
  queues('check_if_node_is_quorum_critical'),
  queues('check_if_node_is_quorum_critical --silent'),
  queues('check_if_node_is_quorum_critical --formatter json'),
  queues('delete_member alone NODE2'),
  queues('delete_member alone NODE2'),
  queues('delete_member alone NODE1'),
  queues('grow NODE2 even'),
  queues('grow NODE2 all --vhost-pattern ^/$ --queue-pattern ^alone$'),
  queues('grow NODE2 all --formatter json'),
  queues('grow NODE2 sideways'),
  queues('rebalance quorum --queue-pattern ^x'),
  queues('shrink NODE2 --formatter json'),
  queues('shrink nobody@nowhere'),
  queues('shrink NODE1 --errors-only'),
  queues('quorum_status classic'),
  queues('quorum_status nosuch'),
  queues('reclaim_quorum_memory both'),
  queues('reclaim_quorum_memory both --formatter json'),
  queues('reclaim_quorum_memory classic'),
  listing('rabbitmqctl list_queues name members online'),
  ...['alone', 'both', 'classic'].map((name) => ctl(`delete_queue ${name}`)),
].flat();

/** What becomes of one more connection of the user, as soon as the node has counted the others. */
async function oneMore(node: EngineNode, vhost: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await (await connectAs(node, vhost)).close();
    } catch (error) {
      return (error as Error).message;
    }
    await setTimeout(50);
  }
  return 'is let in';
}

function connectAs(node: EngineNode, vhost: string) {
  return connect(`amqp://limited:secret@127.0.0.1:${node.specification.ports.amqp}/${vhost}`);
}

/** Clients of both nodes use up what the limits leave; each node refuses what is too much. */
const limits = [
  ctl('add_user limited secret'),
  ctl('add_vhost narrow'),
  ctl('set_permissions limited .* .* .*'),
  ctl('set_permissions -p narrow limited .* .* .*'),
  ctl(`set_user_limits limited '{"max-connections": 2, "max-channels": 2}'`),
  ctl(`set_vhost_limits -p narrow '{"max-connections": 1}'`),
  async (_: EngineNode, nodes: EngineNode[], say: (label: string, ...values: unknown[]) => void) => {
    const [one, two] = nodes as [EngineNode, EngineNode];
    const first = await connectAs(one, 'narrow');
    say('a second one to the vhost, elsewhere', await oneMore(two, 'narrow'));
    const second = await connectAs(two, '%2F');
    second.on('error', (error) => say('second connection', error.message));
    say('a third one of the user, here', await oneMore(one, '%2F'));
    await first.createChannel();
    await second.createChannel();
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const third = await second.createChannel().catch(() => undefined);
      if (third === undefined) break;
      await third.close();
      await setTimeout(50);
    }
    await first.close();
  },
  ...['delete_user limited', 'delete_vhost narrow'].map(ctl),
];

/** What the API says of what connects the nodes; RabbitMQ takes tools that were just at work for nodes. */
const links: Step = async (node, _, say) => {
  const told = async () => {
    const { body } = await node.api('GET', 'nodes?columns=name,cluster_links');
    const items = body as { cluster_links: { name: string }[] }[];
    return items.map((item) => item.cluster_links.filter(({ name }) => !name.startsWith('rabbitmqcli')));
  };
  await until('each is linked to the other', async () => (await told()).every(({ length }) => length === 1));
  say('links', shape((await told()).flat()));
};

// Nodes of their own, which mostly wait for RabbitMQ.
describe.concurrent('tools on two nodes', () => {
  sessionOnOwnNodes(
    2,
    'join, leave, forget',
    ctl('-n NODE2 add_vhost of-two'),
    ctl('add_vhost of-one'),
    ctl('-n NODE2 join_cluster NODE1'),
    ctl('-n NODE2 stop_app'),
    ctl('-n NODE2 status'),
    ctl('-n NODE2 join_cluster NODE2'),
    ctl('-n NODE2 join_cluster NODE1 --formatter json'),
    ctl('-n NODE2 join_cluster NODE1'),
    ctl('-n NODE2 start_app'),
    members,
    links,
    membersOfQueues,
    limits,
    ctl('set_cluster_name ours'),
    ctl('forget_cluster_node NODE2'),
    ctl('-n NODE2 stop_app --formatter json'),
    listing('rabbitmqctl cluster_status'),
    ctl('-n NODE2 reset --formatter json'),
    ctl('-n NODE2 start_app --formatter json'),
    ctl('-n NODE2 stop_app'),
    ctl('-n NODE2 join_cluster NODE1'),
    ctl('forget_cluster_node NODE2'),
    ctl('-n NODE2 start_app'),
    ctl('-n NODE2 force_reset'),
    ctl('-n NODE2 start_app'),
    ctl('forget_cluster_node NODE2'),
    members,
  );

  sessionOnOwnNodes(
    1,
    'plugins switched on and off',
    plugins('disable rabbitmq_management'),
    plugins('list -q -E -m'),
    plugins('enable rabbitmq_management'),
    plugins('is_enabled rabbitmq_management'),
    plugins('disable rabbitmq_management --formatter json'),
    plugins('enable rabbitmq_management --formatter json'),
    plugins('disable --all'),
  );

  sessionOnOwnNodes(
    1,
    'plugins switched where no node runs, and later',
    plugins('disable rabbitmq_management'),
    plugins('enable rabbitmq_management --offline'),
    plugins('enable rabbitmq_management --online'),
    ctl('stop'),
    plugins('disable rabbitmq_management'),
    plugins('enable rabbitmq_management'),
    plugins('enable rabbitmq_management --online'),
    plugins('list -q -E -m'),
  );
});
