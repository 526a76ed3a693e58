import { setTimeout as sleep } from 'node:timers/promises';
import { LinkError } from '../../cluster/link/errors.js';
import { type Command, nothing, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';

const ping: Command = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  timeout: 60,
  banner: ({ node, timeout }) =>
    `Will ping ${node}. This only checks if the OS process is running and registered with epmd. Timeout: ${timeout * 1000} ms.`,
  async run({ node, timeout }, session) {
    try {
      await session.ask('app', {});
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      throw new CommandFailed(
        exitStatus.unavailable,
        `Failed to connect and authenticate to ${node} in ${timeout * 1000} ms`,
      );
    }
    return value('Ping succeeded', { message: 'Ping succeeded' });
  },
};

const startApp: Command = {
  usage: '',
  operands: [0, 0],
  banner: ({ node }) => `Starting node ${node} ...`,
  async run(_invocation, session) {
    await session.ask('start_app', {}).catch(notStarted);
    return nothing;
  },
};

/** What kept the application from starting, in the words of the node. */
function notStarted(error: unknown): never {
  if (error instanceof LinkError || !(error instanceof Error)) throw error;
  const { code } = error as Error & { code?: unknown };
  const inconsistent = `{:rabbit, {{:inconsistent_cluster, '${error.message.replaceAll("'", "\\'")}'}, {:rabbit, :start, [:normal, []]}}}`;
  throw new CommandFailed(
    exitStatus.unavailable,
    code === 'inconsistent_cluster' ? inconsistent : error.message,
  );
}

const stopApp: Command = {
  usage: '',
  operands: [0, 0],
  banner: ({ node }) => `Stopping rabbit application on node ${node} ...`,
  async run(_invocation, session) {
    await session.ask('stop_app', {});
    return nothing;
  },
};

/** With a pid file: does not come back before that process has ended. */
const stop: Command = {
  usage: '[--idempotent] [<pidfile>]',
  operands: [0, 1],
  options: { idempotent: 'flag' },
  banner: ({ node }) => `Stopping and halting node ${node} ...`,
  async run({ node, options }, session) {
    const entry = session.registry.lookup(node);
    try {
      await session.ask('stop', {});
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      // The node may be gone before its answer has travelled.
      if (error.code !== 'closed' && options.idempotent !== true) throw error;
    }
    while (entry !== null && session.registry.lookup(node)?.pid === entry.pid) await sleep(10);
    return nothing;
  },
};

const shutdown: Command = {
  usage: '[--wait] [--timeout <timeout>]',
  operands: [0, 0],
  options: { wait: 'flag', 'no-wait': 'flag' },
  async run({ node, quiet, silent }, session) {
    const pid = (await session.ask('facts', {})).pid;
    const say = (line: string) => (quiet || silent ? undefined : session.output.out(`${line}\n`));
    say(`Shutting down RabbitMQ node ${node} running at PID ${pid}`);
    await session.ask('stop', {}).catch((error: unknown) => {
      if (!(error instanceof LinkError && error.code === 'closed')) throw error;
    });
    say(`Waiting for PID ${pid} to terminate`);
    while (session.registry.lookup(node)?.pid === pid) await sleep(10);
    say(`RabbitMQ node ${node} running at PID ${pid} successfully shut down`);
    return nothing;
  },
};

const reset = (force: boolean): Command => ({
  usage: '',
  operands: [0, 0],
  requires: 'stopped app',
  banner: ({ node }) => `${force ? 'Forcefully resetting' : 'Resetting'} node ${node} ...`,
  async run(_invocation, session) {
    await session.ask('reset', { force });
    return nothing;
  },
});

export const nodeCommands: Record<string, Command> = {
  ping,
  start_app: startApp,
  stop_app: stopApp,
  stop,
  shutdown,
  reset: reset(false),
  force_reset: reset(true),
};
