import { type Command, nothing, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';

const purgeQueue: Command = {
  usage: '<queue> [--timeout <timeout>]',
  operands: [1, 1],
  requires: 'running app',
  banner: ({ operands, vhost }) => `Purging queue '${operands[0]}' in vhost '${vhost}' ...`,
  async run({ operands, vhost }, session) {
    const answer = await session.ask('purge', { vhost, queue: operands[0]! });
    if (answer === null) throw new CommandFailed(exitStatus.unavailable, 'not_found');
    return nothing;
  },
};

const deleteQueue: Command = {
  usage: '<queue_name> [--if-empty|-e] [--if-unused|-u] [--timeout <timeout>]',
  operands: [1, 1],
  options: { 'if-empty': 'flag', 'if-unused': 'flag' },
  aliases: { e: 'if-empty', u: 'if-unused' },
  requires: 'running app',
  banner({ operands, options, vhost }) {
    const conditions = [
      ...(options['if-empty'] === true ? ['if queue is empty '] : []),
      ...(options['if-unused'] === true ? ['if queue is unused '] : []),
    ].join('and ');
    return `Deleting queue '${operands[0]}' on vhost '${vhost}' ${conditions}...`;
  },
  async run({ operands, options, vhost }, session) {
    const answer = await session.ask('delete_queue', {
      vhost,
      queue: operands[0]!,
      ifEmpty: options['if-empty'] === true,
      ifUnused: options['if-unused'] === true,
    });
    if (answer === 'not_found') throw new CommandFailed(exitStatus.usage, 'Queue not found');
    if (answer === 'in_use') throw new CommandFailed(exitStatus.usage, 'Queue is in use');
    if (answer === 'not_empty') throw new CommandFailed(exitStatus.usage, 'Queue is not empty');
    const message = `Queue was successfully deleted with ${answer.deleted} ready messages`;
    return value(message, { message });
  },
};

/** Asked for where ha-sync-mode is manual; messages go on meanwhile. */
const synchronise = (start: boolean): Command => ({
  usage: '[--vhost <vhost>] <queue>',
  operands: [1, 1],
  requires: 'running app',
  banner: ({ operands, vhost }) =>
    `${start ? 'Synchronising' : 'Stopping synchronising'} queue '${operands[0]}' in vhost '${vhost}' ...`,
  async run({ operands, vhost }, session) {
    const answer = await session.ask('sync_queue', { vhost, queue: operands[0]!, start });
    if (answer === 'not_found') throw new CommandFailed(exitStatus.unavailable, 'not_found');
    if (answer === 'not_mirrored') throw new CommandFailed(exitStatus.unavailable, 'not_mirrored');
    return nothing;
  },
});

export const queueCommands: Record<string, Command> = {
  purge_queue: purgeQueue,
  delete_queue: deleteQueue,
  sync_queue: synchronise(true),
  cancel_sync_queue: synchronise(false),
};
