import { connect } from 'amqplib';
import { describe, expect, inject, it } from 'vitest';
import { tools } from '../../../src/broker/tools/catalogue.js';
import { EngineNode } from '../../engines/node.js';
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

  session(
    'attempts to authenticate, and certificates',
    diagnostics('reset_node_auth_attempt_metrics'),
    async (node) => {
      const { amqp } = node.specification.ports;
      await (await connect(`amqp://guest:guest@127.0.0.1:${amqp}`)).close();
      await connect(`amqp://guest:wrong@127.0.0.1:${amqp}`).catch(() => {});
    },
    check('list_node_auth_attempt_stats'),
    diagnostics('list_node_auth_attempt_stats --silent'),
    check('list_node_auth_attempt_stats --by-source'),
    diagnostics('list_node_auth_attempt_stats extra'),
    diagnostics('reset_node_auth_attempt_metrics --formatter json'),
    exact('rabbitmqctl list_node_auth_attempt_stats'),
    diagnostics('certificates --formatter json'),
    statusOnly('rabbitmq-diagnostics certificates'),
    exact('rabbitmq-queues reclaim_quorum_memory nosuch'),
    exact('rabbitmq-queues reclaim_quorum_memory'),
  );

  session(
    'what is around the node',
    check('tls_versions'),
    check('resolve_hostname localhost'),
    check('resolve_hostname localhost --address-family ipv4'),
    check('resolve_hostname nosuch.invalid'),
    diagnostics('resolve_hostname localhost --address-family nosuch'),
    check('resolver_info'),
    check('discover_peers'),
    shape('rabbitmq-diagnostics erlang_cookie_sources'),
    shape('rabbitmq-diagnostics erlang_cookie_sources --formatter json'),
    statusOnly('rabbitmq-diagnostics os_env'),
    statusOnly('rabbitmq-diagnostics list_network_interfaces'),
    statusOnly('rabbitmq-diagnostics cipher_suites'),
    diagnostics('cipher_suites --format nosuch'),
    diagnostics('log_tail_stream --nosuch'),
    diagnostics('log_tail_stream --duration nosuch'),
  );
});

describe('every tool', () => {
  it.skipIf(!inject('twins'))('knows the commands that RabbitMQ has, and no others', async () => {
    const theirs = new EngineNode(inject('twins')!.rabbitmq);
    for (const tool of Object.keys(tools)) {
      const { stdout } = await theirs.run(tool, 'help');
      const listed = [...stdout.matchAll(/^ {3}(\w+) {2,}/gm)].map(([, name]) => name!);
      expect(Object.keys(tools[tool]!.commands).sort(), tool).toEqual([...new Set(listed)].sort());
    }
  });
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
