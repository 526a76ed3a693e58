import { type Command, nothing, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';

const closeConnection: Command = {
  usage: '<connection pid> <explanation>',
  operands: [2, 2],
  requires: 'running app',
  banner: ({ operands: [pid, reason] }) => `Closing connection ${pid}, reason: ${reason}...`,
  async run({ operands: [name, reason] }, session) {
    const closed = await session.ask('close_connections', { name: name!, reason: reason! });
    if (closed === 0) {
      throw new CommandFailed(
        exitStatus.unavailable,
        `there is no connection ${name}; rabbitmqctl list_connections pid name shows them`,
      );
    }
    return nothing;
  },
};

const closeAllConnections: Command = {
  usage:
    '[--vhost <vhost> --limit <limit>] [-n <node> --global] [--per-connection-delay <delay>] <explanation>',
  operands: [1, 1],
  options: { limit: 'integer', global: 'flag', 'per-connection-delay': 'integer' },
  requires: 'running app',
  banner({ operands: [reason], options, vhost }) {
    if (options.global === true) return `Closing all connections, reason: ${reason}...`;
    const count = Number(options.limit ?? 0) > 0 ? String(options.limit) : 'all';
    return `Closing ${count} connections in vhost ${vhost}, reason: ${reason}...`;
  },
  async run({ operands: [reason], options, vhost }, session) {
    const closed = await session.ask('close_connections', {
      ...(options.global === true ? {} : { vhost }),
      limit: Number(options.limit ?? 0),
      delay: Number(options['per-connection-delay'] ?? 0),
      reason: reason!,
    });
    return value(`Closed ${closed} connections`);
  },
};

const closeAllUserConnections: Command = {
  usage: '<username> <explanation>',
  operands: [2, 2],
  requires: 'running app',
  banner: ({ operands: [user, reason] }) => `Closing connections of user ${user}, reason: ${reason}...`,
  async run({ operands: [user, reason] }, session) {
    await session.ask('close_connections', { user: user!, reason: reason! });
    return nothing;
  },
};

export const connectionCommands: Record<string, Command> = {
  close_connection: closeConnection,
  close_all_connections: closeAllConnections,
  close_all_user_connections: closeAllUserConnections,
};
