import { OperationRefused } from '../../core/metadata/operation.js';
import { type Command, nothing } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { rowsOf, submit } from '../metadata-access.js';
import { asTerm } from './users.js';

const running = 'running app' as const;

/** These commands name user and vhost without quotes, and exit otherwise than most. */
const reworded = (error: unknown): never => refuse(error, "'");
const rewordedForTopics = (error: unknown): never => refuse(error, '"');

/** `quote`: what stands around the pattern of an invalid_regexp, which differs between these commands. */
function refuse(error: unknown, quote: string): never {
  if (!(error instanceof OperationRefused)) throw error;
  const { code, details, message } = error;
  if (code === 'no_such_user')
    throw new CommandFailed(exitStatus.noUser, `User ${details.user} does not exist`);
  if (code === 'no_such_vhost') {
    throw new CommandFailed(exitStatus.unavailable, `Virtual host ${details.vhost} does not exist`);
  }
  const regexp = /^\{:invalid_regexp, '(.*)', \{"(.*)",(\d+)\}\}$/s.exec(message);
  const [, pattern, reason, at] = regexp ?? [];
  throw new CommandFailed(
    exitStatus.unavailable,
    regexp === null ? message : `{:invalid_regexp, ${quote}${pattern}${quote}, {'${reason}', ${at}}}`,
  );
}

const setPermissions: Command = {
  usage: '[--vhost <vhost>] <username> <conf> <write> <read>',
  operands: [4, 4],
  requires: running,
  banner: ({ operands, vhost }) => `Setting permissions for user "${operands[0]}" in vhost "${vhost}" ...`,
  async run({ operands, vhost }, session) {
    const [user, configure, write, read] = operands as [string, string, string, string];
    await submit(session, 'permission.set', { user, vhost, configure, write, read }).catch(reworded);
    return nothing;
  },
};

const clearPermissions: Command = {
  usage: '[--vhost <vhost>] <username>',
  operands: [1, 1],
  requires: running,
  banner: ({ operands, vhost }) => `Clearing permissions for user "${operands[0]}" in vhost "${vhost}" ...`,
  async run({ operands, vhost }, session) {
    await submit(session, 'permission.clear', { user: operands[0]!, vhost }).catch(reworded);
    return nothing;
  },
};

const listPermissions: Command = {
  usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
  operands: [0, 0],
  requires: running,
  formatter: 'table',
  banner: ({ vhost }) => `Listing permissions for vhost "${vhost}" ...`,
  async run({ vhost }, session) {
    const found = await rowsOf(session, 'permissions', vhost);
    return {
      kind: 'rows',
      whole: true,
      columns: ['user', 'configure', 'write', 'read'],
      rows: found.map(({ user, configure, write, read }) => [user, configure, write, read]),
    };
  },
};

const listUserPermissions: Command = {
  usage: '[--no-table-headers] <username> [--timeout <timeout>]',
  operands: [1, 1],
  requires: running,
  formatter: 'table',
  banner: ({ operands }) => `Listing permissions for user "${operands[0]}" ...`,
  async run({ operands }, session) {
    await requireUser(session, operands[0]!);
    const found = (await rowsOf(session, 'permissions')).filter((row) => row.user === operands[0]);
    return {
      kind: 'rows',
      whole: true,
      columns: ['vhost', 'configure', 'write', 'read'],
      rows: found.map(({ vhost, configure, write, read }) => [vhost, configure, write, read]),
    };
  },
};

const setTopicPermissions: Command = {
  usage: '[--vhost <vhost>] <username> <exchange> <write> <read>',
  operands: [4, 4],
  requires: running,
  banner: ({ operands, vhost }) =>
    `Setting topic permissions on "${operands[1]}" for user "${operands[0]}" in vhost "${vhost}" ...`,
  async run({ operands, vhost }, session) {
    const [user, exchange, write, read] = operands as [string, string, string, string];
    await submit(session, 'topic_permission.set', { user, vhost, exchange, write, read }).catch(
      rewordedForTopics,
    );
    return nothing;
  },
};

const clearTopicPermissions: Command = {
  usage: '[--vhost <vhost>] <username> [<exchange>]',
  operands: [1, 2],
  requires: running,
  banner: ({ operands: [user, exchange], vhost }) =>
    exchange === undefined
      ? `Clearing topic permissions for user "${user}" in vhost "${vhost}" ...`
      : `Clearing topic permissions on "${exchange}" for user "${user}" in vhost "${vhost}" ...`,
  async run({ operands: [user, exchange], vhost }, session) {
    const args = { user: user!, vhost, exchange: exchange ?? null };
    await submit(session, 'topic_permission.clear', args).catch(reworded);
    return nothing;
  },
};

const listTopicPermissions: Command = {
  usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
  operands: [0, 0],
  requires: running,
  formatter: 'table',
  banner: ({ vhost }) => `Listing topic permissions for vhost "${vhost}" ...`,
  async run({ vhost }, session) {
    const found = await rowsOf(session, 'topicPermissions', vhost);
    return {
      kind: 'rows',
      whole: true,
      columns: ['user', 'exchange', 'write', 'read'],
      rows: found.map(({ user, exchange, write, read }) => [user, exchange, write, read]),
    };
  },
};

const listUserTopicPermissions: Command = {
  usage: '[--no-table-headers] <username> [--timeout <timeout>]',
  operands: [1, 1],
  requires: running,
  formatter: 'table',
  banner: ({ operands }) => `Listing topic permissions for user "${operands[0]}" ...`,
  async run({ operands }, session) {
    await requireUser(session, operands[0]!);
    const found = (await rowsOf(session, 'topicPermissions')).filter((row) => row.user === operands[0]);
    return {
      kind: 'rows',
      whole: true,
      columns: ['vhost', 'exchange', 'write', 'read'],
      rows: found.map(({ vhost, exchange, write, read }) => [vhost, exchange, write, read]),
      headers: false,
    };
  },
};

export const permissionCommands: Record<string, Command> = {
  set_permissions: setPermissions,
  clear_permissions: clearPermissions,
  list_permissions: listPermissions,
  list_user_permissions: listUserPermissions,
  set_topic_permissions: setTopicPermissions,
  clear_topic_permissions: clearTopicPermissions,
  list_topic_permissions: listTopicPermissions,
  list_user_topic_permissions: listUserTopicPermissions,
};

async function requireUser(session: Parameters<Command['run']>[1], user: string): Promise<void> {
  const users = await rowsOf(session, 'users');
  if (users.some(({ name }) => name === user)) return;
  asTerm(new OperationRefused('no_such_user', `User "${user}" does not exist`, { user }));
}
