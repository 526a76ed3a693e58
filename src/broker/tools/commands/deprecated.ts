import { type Command, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';

const rotateLogs: Command = {
  usage: '',
  operands: [0, 0],
  async run() {
    throw new CommandFailed(exitStatus.unavailable, 'This command does not rotate logs anymore [deprecated]');
  },
};

const nodeHealthCheck: Command = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  requires: 'running app',
  timeout: 70,
  banner: ({ node, timeout }) =>
    `This command is DEPRECATED and will be removed in a future version.
It performs intrusive, opinionated health checks and requires a fully booted node.
Use one of the options covered in https://www.rabbitmq.com/monitoring.html#health-checks instead.
Timeout: ${timeout} seconds ...
Checking health of node ${node} ...`,
  async run({ node }, session) {
    const { alarms } = await session.ask('facts', {});
    const local = alarms.filter((alarm) => alarm.node === node);
    if (local.length === 0) return value('Health check passed');
    const list = local.map(({ resource }) => `{:resource_limit, :${resource}, :"${node}"}`).join(', ');
    throw new CommandFailed(exitStatus.unavailable, `resource alarm(s) in effect:[${list}]`);
  },
};

const hipeCompile: Command = {
  usage: '<directory>',
  operands: [1, 1],
  async run() {
    return value('This command is a no-op. HiPE is no longer supported by modern Erlang versions');
  },
};

export const deprecatedCommands: Record<string, Command> = {
  rotate_logs: rotateLogs,
  node_health_check: nodeHealthCheck,
  hipe_compile: hipeCompile,
};
