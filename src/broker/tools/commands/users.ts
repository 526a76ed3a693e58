import { OperationRefused } from '../../core/metadata/operation.js';
import { defaultHashingAlgorithm, hashPassword } from '../../core/password.js';
import { atoms } from '../cell.js';
import { type Command, type Invocation, nothing, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { rowsOf, submit } from '../metadata-access.js';
import type { Session } from '../session.js';

const running = 'running app' as const;

const addUser: Command = {
  usage: '<username> <password>',
  operands: [1, 2],
  requires: running,
  banner: ({ operands }) => `Adding user "${operands[0]}" ...`,
  async run(invocation, session) {
    const name = invocation.operands[0]!;
    const password = await passwordOf(invocation, session);
    try {
      await submit(session, 'user.add', { name, ...hashed(password), tags: [] });
    } catch (error) {
      if (!(error instanceof OperationRefused) || error.code !== 'user_already_exists') throw error;
      const message = `User ${name} already exists`;
      throw new CommandFailed(exitStatus.software, `User "${name}" already exists`, {
        message,
        node: invocation.node,
      });
    }
    const advice = `Done. Don't forget to grant the user permissions to some virtual hosts! See '${invocation.tool} help set_permissions' to learn more.`;
    const text = invocation.quiet || invocation.silent ? '' : advice;
    return value(text, { message: advice, node: invocation.node, status: 'ok' });
  },
};

const changePassword: Command = {
  usage: '<username> <password>',
  operands: [1, 2],
  requires: running,
  banner: ({ operands }) => `Changing password for user "${operands[0]}" ...`,
  async run(invocation, session) {
    const name = invocation.operands[0]!;
    const password = await passwordOf(invocation, session);
    await submit(session, 'user.set_password', { name, ...hashed(password) });
    return nothing;
  },
};

const clearPassword: Command = {
  usage: '<username>',
  operands: [1, 1],
  requires: running,
  banner: ({ operands }) => `Clearing password for user "${operands[0]}" ...`,
  async run({ operands: [name] }, session) {
    const nobody = { name: name!, passwordHash: '', hashingAlgorithm: defaultHashingAlgorithm };
    await submit(session, 'user.set_password', nobody).catch(asTerm);
    return nothing;
  },
};

const authenticateUser: Command = {
  usage: '<username> <password>',
  operands: [1, 2],
  requires: running,
  banner: ({ operands }) => `Authenticating user "${operands[0]}" ...`,
  async run(invocation, session) {
    const user = invocation.operands[0]!;
    const password = await passwordOf(invocation, session);
    if (await session.ask('authenticate', { user, password }))
      return value('Success', { message: 'Success' });
    throw new CommandFailed(
      exitStatus.dataError,
      `Error: failed to authenticate user "${user}"\nuser '${user}' - invalid credentials`,
    );
  },
};

const deleteUser: Command = {
  usage: '<username>',
  operands: [1, 1],
  requires: running,
  banner: ({ operands }) => `Deleting user "${operands[0]}" ...`,
  async run({ operands: [name] }, session) {
    await submit(session, 'user.delete', { name: name! });
    return nothing;
  },
};

const setUserTags: Command = {
  usage: '<username> <tag> [...]',
  operands: [1, Number.POSITIVE_INFINITY],
  requires: running,
  banner: ({ operands: [name, ...tags] }) => `Setting tags for user "${name}" to [${tags.join(', ')}] ...`,
  async run({ operands: [name, ...tags] }, session) {
    await submit(session, 'user.set_tags', { name: name!, tags });
    return nothing;
  },
};

const listUsers: Command = {
  usage: '[--no-table-headers] [--timeout <timeout>]',
  operands: [0, 0],
  requires: running,
  formatter: 'table',
  banner: () => 'Listing users ...',
  async run(_invocation, session) {
    const users = await rowsOf(session, 'users');
    return {
      kind: 'rows',
      columns: ['user', 'tags'],
      rows: users.map(({ name, tags }) => [name, atoms(tags)]),
    };
  },
};

export const userCommands: Record<string, Command> = {
  add_user: addUser,
  change_password: changePassword,
  clear_password: clearPassword,
  authenticate_user: authenticateUser,
  delete_user: deleteUser,
  set_user_tags: setUserTags,
  list_users: listUsers,
};

function hashed(password: string): { passwordHash: string; hashingAlgorithm: string } {
  const passwordHash = password === '' ? '' : hashPassword(password);
  return { passwordHash, hashingAlgorithm: defaultHashingAlgorithm };
}

/** The second operand, or the first line of standard input, asked for. */
async function passwordOf({ operands, quiet, silent }: Invocation, session: Session): Promise<string> {
  if (operands[1] !== undefined) return operands[1];
  if (!quiet && !silent) session.output.out('Password: \n');
  const line = (await session.readInput()).split(/\r?\n/)[0]!;
  if (line === '')
    throw new CommandFailed(exitStatus.dataError, 'Password is not provided via argument or stdin');
  return line;
}

/** Some commands show the refusal of an unknown user as the term that it is. */
export function asTerm(error: unknown): never {
  if (error instanceof OperationRefused && error.code === 'no_such_user') {
    throw new CommandFailed(exitStatus.unavailable, `{:no_such_user, "${error.details.user}"}`);
  }
  throw error;
}
