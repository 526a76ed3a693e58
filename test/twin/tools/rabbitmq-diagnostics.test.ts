import { describe } from 'vitest';
import { exact, listing, session, shape, statusOnly } from './session.js';

const diagnostics = (command: string) => exact(`rabbitmq-diagnostics ${command}`);
const check = (command: string) => listing(`rabbitmq-diagnostics ${command}`);

describe('rabbitmq-diagnostics', () => {
  session(
    'checks that pass',
    check('ping'),
    check('check_running'),
    check('check_local_alarms'),
    check('check_alarms'),
    check('check_virtual_hosts'),
    check('check_port_connectivity'),
    check('check_if_node_is_quorum_critical'),
    check('check_if_node_is_mirror_sync_critical'),
    check('check_protocol_listener amqp'),
    check('check_protocol_listener http'),
    check('is_running'),
    check('is_booting'),
  );

  session(
    'checks that fail',
    check('check_port_listener 1'),
    check('check_protocol_listener mqtt'),
    check('check_protocol_listener nonsense'),
    diagnostics('check_port_listener'),
    diagnostics('check_port_listener text'),
    diagnostics('nosuch'),
    diagnostics('check_running --timeout nonsense'),
  );

  session(
    'what it tells',
    check('listeners'),
    check('alarms'),
    check('server_version'),
    statusOnly('rabbitmq-diagnostics status --formatter json'),
    shape('rabbitmq-diagnostics cluster_status --formatter json'),
    statusOnly('rabbitmq-diagnostics memory_breakdown'),
    diagnostics('erlang_cookie_hash --nosuch'),
    check('log_tail --nosuch'),
  );
});

describe('rabbitmq-plugins', () => {
  const plugins = (command: string) => exact(`rabbitmq-plugins ${command}`);
  /** What other tests want of the shared nodes stays. */
  const shared =
    'rabbitmq_management rabbitmq_auth_mechanism_ssl rabbitmq_consistent_hash_exchange rabbitmq_random_exchange';

  session(
    'lists',
    plugins("list '^rabbitmq_(management|management_agent|web_dispatch|tracing)$'"),
    plugins("list '^rabbitmq_management$' --formatter json"),
    plugins("list -e '^rabbitmq_management'"),
    plugins("list -E '^rabbitmq_management'"),
    plugins("list -m '^rabbitmq_(management|tracing)$'"),
    plugins("list '^nosuch$'"),
  );

  session(
    'enables and disables',
    plugins('is_enabled rabbitmq_management'),
    plugins('is_enabled rabbitmq_management rabbitmq_management_agent'),
    statusOnly('rabbitmq-plugins is_enabled rabbitmq_stomp'),
    statusOnly('rabbitmq-plugins is_enabled nosuch'),
    plugins('enable rabbitmq_management'),
    plugins("list '^rabbitmq_management$'"),
    plugins('disable rabbitmq_stomp'),
    plugins('enable nosuch'),
    plugins('disable nosuch'),
    plugins('enable'),
    plugins(`set ${shared}`),
    plugins('nosuch'),
  );
});
