/** Two nodes that become a cluster and cease to be one, and plugins that are really switched on and off. */
import { describe } from 'vitest';
import { exact, listing, sessionOnOwnNodes } from './session.js';

const ctl = (line: string) => exact(`rabbitmqctl ${line}`);
const plugins = (line: string) => exact(`rabbitmq-plugins ${line}`);
const members = [...listing('rabbitmqctl cluster_status'), ctl('-n NODE2 list_vhosts --silent')];

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
