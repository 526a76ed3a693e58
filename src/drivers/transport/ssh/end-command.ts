import { setTimeout as sleep } from 'node:timers/promises';
import { RunningCommand } from './command.js';
import { endingScript } from './command-script.js';
import type { SshConnection } from './connection.js';
import type { Sudo } from './sudo.js';

/**
 * Ends a command that is not wanted any more. sshd signals a user's own
 * processes only, and leaves those running whose channel is closed; so besides
 * asking sshd, a second session ends the process group with the rights that the
 * command has. It returns when the command has ended, or when the host does not
 * let us see that it has.
 */
export async function endCommand(
  connection: SshConnection,
  command: RunningCommand,
  sudo: Sudo,
): Promise<void> {
  if (connection.broken) return;
  command.terminate();
  const pid = await Promise.race([command.begun, sleep(beginningMs, undefined, { ref: false })]);
  if (pid) {
    const args = ['-c', endingScript, 'sh', `${pid}`];
    const ending = new RunningCommand({
      file: 'sh',
      args,
      ...sudo.rights,
    });
    const ended = connection.urgentSession(ending.openingLine, (channel) => {
      ending.attach(channel);
      return ending.end;
    });
    await Promise.race([
      Promise.allSettled([ended, command.end]),
      sleep(endingMs, undefined, { ref: false }),
    ]);
    ending.abandon();
  }
  command.abandon();
}

const beginningMs = 1_000;
const endingMs = 5_000;
