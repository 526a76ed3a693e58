import { after, expiring, isPeriod, periods } from '../../config/certificates.js';
import type { OpenListener } from '../../config/node-config.js';
import { alarmLine } from '../alarm-lines.js';
import { type Command, type Invocation, type Outcome, value } from '../command.js';
import { CommandFailed, exitStatus, UsageError } from '../exit-status.js';
import { elixirMap } from '../formatters/elixir.js';
import { listenerJson } from '../listener-lines.js';

const usage = '[--timeout <timeout>]';
const running = 'running app' as const;
const none: Pick<Command, 'usage' | 'operands' | 'timeout'> = { usage, operands: [0, 0], timeout: 60 };
const silently = ({ silent }: Invocation, text: string) => (silent ? '' : text);
const ok: Record<string, unknown> = { result: 'ok' };

const runs = (node: string) => `RabbitMQ on node ${node} is fully booted and running`;
const runsNot = (node: string) =>
  `RabbitMQ on node ${node} is not running or has not fully booted yet (check with is_booting)`;

const checkRunning: Command = {
  ...none,
  banner: ({ node }) => `Checking if RabbitMQ is running on node ${node} ...`,
  async run({ node }, session) {
    if ((await session.ask('app', {})) === 'running') return value(runs(node), { message: runs(node) });
    throw new CommandFailed(exitStatus.unavailable, runsNot(node));
  },
};

const isRunning: Command = {
  ...none,
  banner: ({ node }) => `Asking node ${node} for its status ...`,
  async run({ node }, session) {
    const result = (await session.ask('app', {})) === 'running';
    const message = result ? runs(node) : runsNot(node);
    return value(message, { message, result });
  },
};

const isBooting: Command = {
  ...none,
  banner: ({ node }) => `Asking node ${node} for its boot status ...`,
  async run({ node }, session) {
    const result = (await session.ask('app', {})) === 'starting';
    const message = result
      ? `RabbitMQ on node ${node} is booting`
      : `RabbitMQ on node ${node} is fully booted (check with is_running), stopped or has not started booting yet`;
    return value(message, { message, result });
  },
};

/** `everywhere`: alarms of the whole cluster count, not only the node's own. */
const checkAlarms = (everywhere: boolean): Command => ({
  ...none,
  requires: running,
  banner: ({ node }) => `Asking node ${node} to report any local resource alarms ...`,
  async run(invocation, session) {
    const { node } = invocation;
    const { alarms } = await session.ask('facts', {});
    const local = alarms.filter((alarm) => alarm.node === node);
    const found = everywhere ? alarms : local;
    if (found.length === 0) {
      const text = `Node ${node} reported no ${everywhere ? 'alarms, local or clusterwide' : 'local alarms'}`;
      return value(silently(invocation, text), ok);
    }
    const lines = (list: typeof found) => list.map(alarmLine);
    const remote = alarms.filter((alarm) => alarm.node !== node);
    const json = {
      ...(everywhere ? { global: lines(remote) } : {}),
      local: lines(local),
      message: `Node ${node} reported ${everywhere ? '' : 'local '}alarms`,
    };
    throw new CommandFailed(exitStatus.unavailable, lines(found).join('\n'), json, !everywhere);
  },
});

const alarms: Command = {
  ...none,
  requires: running,
  banner: ({ node }) => `Asking node ${node} to report any known resource alarms ...`,
  async run({ node }, session) {
    const found = (await session.ask('facts', {})).alarms;
    if (found.length === 0) {
      const json = { alarms: [], node, result: 'ok' };
      return value(`Node ${node} reported no alarms, local or clusterwide`, json);
    }
    const local = found.filter((alarm) => alarm.node === node).map(alarmLine);
    const global = found.filter((alarm) => alarm.node !== node).map(alarmLine);
    const json = { global, local, message: `Node ${node} reported alarms`, result: 'ok' };
    return value([...local, ...global].join('\n'), json);
  },
};

const byPort = (listeners: readonly OpenListener[]) =>
  [...new Set(listeners.map(({ port }) => port))].sort((a, b) => a - b).join(', ');

const checkPortConnectivity: Command = {
  ...none,
  requires: running,
  banner: ({ node }) => `Testing TCP connections to all active listeners on node ${node} ...`,
  async run(invocation, session) {
    const { node } = invocation;
    const { listeners } = await session.ask('facts', {});
    const tried = await Promise.all(
      listeners.map(async ({ address, port }) => ({
        port,
        open: await session.ask('connect_to', { address, port }),
      })),
    );
    const json = { listeners: listeners.map((each) => listenerJson(node, each)), node };
    const closed = tried.filter(({ open }) => !open).map(({ port }) => port);
    if (closed.length === 0) {
      const text = `Successfully connected to ports ${byPort(listeners)} on node ${node}.`;
      return value(silently(invocation, text), { ...json, result: 'ok' });
    }
    throw new CommandFailed(
      exitStatus.unavailable,
      `Connection attempts failed to the following ports on node ${node}: ${closed.join(', ')}`,
      { ...json, failures: closed },
    );
  },
};

const checkPortListener: Command = {
  ...none,
  usage: '<port> [--timeout <timeout>]',
  operands: [1, 1],
  requires: running,
  check({ operands }) {
    if (!/^[1-9]\d*$/.test(operands[0]!)) {
      throw new UsageError('Bad argument: Argument must be a positive integer', exitStatus.dataError);
    }
  },
  banner: ({ node, operands }) =>
    `Asking node ${node} if there's an active listener on port ${operands[0]} ...`,
  async run(invocation, session) {
    const { node, operands } = invocation;
    const port = operands[0]!;
    const { listeners } = await session.ask('facts', {});
    if (listeners.some((listener) => listener.port === Number(port))) {
      const text = `A listener for port ${port} is running on node ${node}.`;
      return value(silently(invocation, text), { node, port, result: 'ok' });
    }
    throw new CommandFailed(
      exitStatus.unavailable,
      `No listener for port ${port} is active on node ${node}. Found listeners that use the following ports: ${byPort(listeners)}`,
      {
        listeners: listeners.map((each) => listenerJson(node, each)),
        missing: port,
        ports: listeners.map((each) => each.port),
      },
      false,
    );
  },
};

const protocolAliases: Record<string, string> = {
  amqp091: 'amqp',
  'amqp0.9.1': 'amqp',
  'amqp-0-9-1': 'amqp',
  amqps: 'amqp/ssl',
  distribution: 'clustering',
};

const checkProtocolListener: Command = {
  ...none,
  usage: '<protocol> [--timeout <timeout>]',
  operands: [1, 1],
  requires: running,
  banner: ({ node, operands }) =>
    `Asking node ${node} if there's an active listener for protocol ${operands[0]} ...`,
  async run(invocation, session) {
    const { node, operands } = invocation;
    const asked = operands[0]!.toLowerCase();
    const { listeners } = await session.ask('facts', {});
    const protocols = [...new Set(listeners.map(({ protocol }) => protocol))];
    if (protocols.includes(protocolAliases[asked] ?? asked)) {
      const text = `A listener for protocol ${operands[0]} is running on node ${node}.`;
      return value(silently(invocation, text), { node, protocol: operands[0], result: 'ok' });
    }
    throw new CommandFailed(
      exitStatus.unavailable,
      `No listener for protocol ${operands[0]} is active on node ${node}. Found listeners for the following protocols: ${protocols.sort().join(', ')}`,
      { listeners: listeners.map((each) => listenerJson(node, each)), missing: operands[0], protocols },
    );
  },
};

const checkVirtualHosts: Command = {
  ...none,
  requires: running,
  banner: ({ node }) => `Checking if all vhosts are running on node ${node} ...`,
  async run(invocation, session): Promise<Outcome> {
    const { node } = invocation;
    const vhosts = await session.ask('vhosts', {});
    const down = vhosts.filter(
      ({ clusterState }) => !clusterState.some(([name, state]) => name === node && state === 'running'),
    );
    if (down.length === 0)
      return value(silently(invocation, `Node ${node} reported all vhosts as running`), ok);
    const text = `Some virtual hosts on node ${node} are down:\n${down.map(({ name }) => name).join('\n')}`;
    throw new CommandFailed(exitStatus.unavailable, text);
  },
};

/** The files are read here: the tools run where the node does. */
const checkCertificateExpiration: Command = {
  usage: '[--within <period>] [--unit <unit>]',
  operands: [0, 0],
  options: { within: 'integer', unit: 'string' },
  requires: running,
  check({ options }) {
    if (options.unit === undefined || isPeriod(String(options.unit))) return;
    throw new UsageError(
      `"unit '${options.unit}' is not supported. Please use one of: ${periods.join(', ')}"`,
    );
  },
  banner: ({ node }) => `Checking certificate expiration on node ${node} ...`,
  async run(invocation, session) {
    const { options, node } = invocation;
    const [within, unit] = [Number(options.within ?? 4), String(options.unit ?? 'weeks')];
    const by = after(within, isPeriod(unit) ? unit : 'weeks');
    const { listeners } = await session.ask('facts', {});
    const expired = listeners.flatMap((listener) => {
      const files = listener.tls === undefined ? null : expiring(listener.tls, by);
      return files === null ? [] : [{ ...files, ...listenerJson(node, listener) }];
    });
    if (expired.length === 0) {
      return value(silently(invocation, `No certificates are expiring within ${within} ${unit}.`), ok);
    }
    const lines = expired.map((each) => elixirMap(each, ['node', 'protocol'])).join('\n');
    throw new CommandFailed(exitStatus.unavailable, lines, { expired }, false);
  },
};

export const checkCommands: Record<string, Command> = {
  check_running: checkRunning,
  is_running: isRunning,
  is_booting: isBooting,
  check_alarms: checkAlarms(true),
  check_local_alarms: checkAlarms(false),
  alarms,
  check_port_connectivity: checkPortConnectivity,
  check_port_listener: checkPortListener,
  check_protocol_listener: checkProtocolListener,
  check_virtual_hosts: checkVirtualHosts,
  check_certificate_expiration: checkCertificateExpiration,
};
