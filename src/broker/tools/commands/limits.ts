import { OperationRefused } from '../../core/metadata/operation.js';
import { type Command, nothing, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { parseJson } from '../json-operand.js';
import { rowsOf, submit } from '../metadata-access.js';
import { sortedJson } from '../sorted-json.js';
import { asTerm } from './users.js';

const running = 'running app' as const;

function limitsIn(text: string): Record<string, unknown> {
  const limits = parseJson(text);
  if (typeof limits === 'object' && limits !== null && !Array.isArray(limits))
    return limits as Record<string, unknown>;
  throw new CommandFailed(
    exitStatus.unavailable,
    `Validation failed\n\n${text} is not a JSON object of limits\n`,
  );
}

const setVhostLimits: Command = {
  usage: '[--vhost <vhost>] <definition>',
  operands: [1, 1],
  requires: running,
  banner: ({ operands, vhost }) => `Setting vhost limits to "${operands[0]}" for vhost "${vhost}" ...`,
  async run({ operands, vhost }, session) {
    await submit(session, 'vhost_limits.set', { vhost, limits: limitsIn(operands[0]!) });
    return nothing;
  },
};

const clearVhostLimits: Command = {
  usage: '[--vhost <vhost>]',
  operands: [0, 0],
  requires: running,
  banner: ({ vhost }) => `Clearing vhost "${vhost}" limits ...`,
  async run({ vhost }, session) {
    await submit(session, 'vhost_limits.clear', { vhost });
    return nothing;
  },
};

const listVhostLimits: Command = {
  usage: '[--vhost <vhost>] [--global] [--no-table-headers]',
  operands: [0, 0],
  options: { global: 'flag' },
  requires: running,
  formatter: 'table',
  banner: ({ options, vhost }) =>
    options.global === true ? 'Listing limits for all vhosts ...' : `Listing limits for vhost "${vhost}" ...`,
  async run({ options, vhost }, session) {
    const all = options.global === true;
    const rows = (await rowsOf(session, 'parameters', all ? undefined : vhost)).filter(
      (row) => row.component === 'vhost-limits',
    );
    if (!all && rows.length > 0) return value(JSON.stringify(sortedJson(rows[0]!.value)));
    return {
      kind: 'rows',
      whole: true,
      columns: ['vhost', 'limits'],
      rows: rows.map((row) => [row.vhost, JSON.stringify(sortedJson(row.value))]),
    };
  },
};

const setUserLimits: Command = {
  usage: '<username> <definition>',
  operands: [2, 2],
  requires: running,
  banner: ({ operands: [user, definition] }) =>
    `Setting user limits to "${definition}" for user "${user}" ...`,
  async run({ operands: [name, text] }, session) {
    await submit(session, 'user_limits.set', { name: name!, limits: limitsIn(text!) }).catch(asTerm);
    return nothing;
  },
};

const clearUserLimits: Command = {
  usage: '<username> <limit_type> | all',
  operands: [2, 2],
  requires: running,
  banner: ({ operands: [user, limit] }) =>
    limit === 'all'
      ? `Clearing all limits for user "${user}" ...`
      : `Clearing "${limit}" limit for user "${user}" ...`,
  async run({ operands: [name, limit] }, session) {
    await submit(session, 'user_limits.clear', { name: name!, limit: limit! }).catch(asTerm);
    return nothing;
  },
};

const listUserLimits: Command = {
  usage: '[--user <username>] [--global]',
  operands: [0, 0],
  options: { user: 'string', global: 'flag' },
  requires: running,
  formatter: 'table',
  banner: ({ options }) =>
    options.global === true
      ? 'Listing limits for all users ...'
      : `Listing limits for user "${options.user ?? 'guest'}" ...`,
  async run({ options }, session) {
    const users = await rowsOf(session, 'users');
    if (options.global === true) {
      const limited = users.filter(({ limits }) => Object.keys(limits).length > 0);
      return {
        kind: 'rows',
        whole: true,
        columns: ['user', 'limits'],
        rows: limited.map(({ name, limits }) => [name, JSON.stringify(sortedJson(limits))]),
      };
    }
    const name = String(options.user ?? 'guest');
    const user = users.find((row) => row.name === name);
    if (user === undefined) throw asTerm(new OperationRefused('no_such_user', '', { user: name }));
    return value(JSON.stringify(sortedJson(user.limits)));
  },
};

export const limitCommands: Record<string, Command> = {
  set_vhost_limits: setVhostLimits,
  clear_vhost_limits: clearVhostLimits,
  list_vhost_limits: listVhostLimits,
  set_user_limits: setUserLimits,
  clear_user_limits: clearUserLimits,
  list_user_limits: listUserLimits,
};
