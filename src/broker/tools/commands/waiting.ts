import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LinkError } from '../../cluster/link/errors.js';
import { type Command, type Invocation, nothing } from '../command.js';
import { CommandFailed, exitStatus, UsageError } from '../exit-status.js';
import type { Session } from '../session.js';

const pause = 25;

const awaitStartup: Command = {
  usage: '',
  operands: [0, 0],
  timeout: 300,
  async run({ timeout }, session) {
    const deadline = Date.now() + timeout * 1000;
    while ((await session.ask('app', {})) !== 'running') {
      if (Date.now() >= deadline) throw new CommandFailed(exitStatus.unavailable, 'rabbit_is_not_running');
      await sleep(pause);
    }
    return nothing;
  },
};

const awaitOnlineNodes: Command = {
  usage: '<count> [--timeout <timeout>]',
  operands: [1, 1],
  timeout: 300,
  requires: 'running app',
  check({ operands }) {
    if (!/^[1-9]\d*$/.test(operands[0]!)) {
      throw new UsageError('Bad argument: the node count must be a positive integer', exitStatus.dataError);
    }
  },
  banner: ({ node, operands, timeout }) =>
    `Will wait for at least ${operands[0]} nodes to join the cluster of ${node}. Timeout: ${timeout} seconds.`,
  async run({ node, operands, timeout }, session) {
    const deadline = Date.now() + timeout * 1000;
    for (;;) {
      const { nodes } = await session.ask('cluster', {});
      if (nodes.filter(({ running }) => running).length >= Number(operands[0])) return nothing;
      if (Date.now() >= deadline) {
        throw new CommandFailed(
          exitStatus.software,
          `Error: timed out while waiting. Not enough nodes joined ${node}'s cluster.`,
        );
      }
      await sleep(pause);
    }
  },
};

/** Waits for the pid file, for the node of that process to be registered, for its application to run. */
const wait: Command = {
  usage: '[<pidfile>] [--pid|-P <pid>] [--timeout <timeout>]',
  operands: [0, 1],
  options: { pid: 'integer' },
  aliases: { P: 'pid' },
  timeout: 10,
  check({ operands, options }) {
    if (operands.length === 0 && options.pid === undefined)
      throw new UsageError('"No pid or pidfile specified"');
    if (operands.length === 1 && options.pid !== undefined) {
      throw new UsageError('"Cannot specify both pid and pidfile"');
    }
  },
  async run(invocation, session) {
    const { node, timeout, quiet, silent } = invocation;
    const deadline = Date.now() + timeout * 1000;
    const say = (line: string) => (quiet || silent ? undefined : session.output.out(`${line}\n`));
    const pid = invocation.options.pid ?? (await pidFrom(invocation.operands[0]!, deadline, invocation, say));
    say(`Waiting for erlang distribution on node '${node}' while OS process '${pid}' is running`);
    const held = async () => session.registry.lookup(node) !== null && (await appOf(session)) !== null;
    await until(held, deadline, invocation, Number(pid));
    say(`Waiting for applications 'rabbit_and_plugins' to start on node '${node}'`);
    await until(async () => (await appOf(session)) === 'running', deadline, invocation, Number(pid));
    say(`Applications 'rabbit_and_plugins' are running on node '${node}'`);
    return nothing;
  },
};

export const waitingCommands: Record<string, Command> = {
  await_startup: awaitStartup,
  await_online_nodes: awaitOnlineNodes,
  wait,
};

async function pidFrom(
  file: string,
  deadline: number,
  invocation: Invocation,
  say: (line: string) => void,
): Promise<number> {
  say(`Waiting for pid file '${file}' to appear`);
  let pid = Number.NaN;
  const appeared = async () => {
    try {
      pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    } catch {
      // not there yet
    }
    return pid > 0;
  };
  await until(appeared, deadline, invocation, null);
  say(`pid is ${pid}`);
  return pid;
}

/** Null while the node does not answer. */
async function appOf(session: Session) {
  try {
    return await session.ask('app', {});
  } catch (error) {
    if (!(error instanceof LinkError) || error.code === 'wrong_cookie') throw error;
    await session.close();
    return null;
  }
}

async function until(
  met: () => Promise<boolean>,
  deadline: number,
  { name, node, timeout }: Invocation,
  pid: number | null,
): Promise<void> {
  for (;;) {
    if (pid !== null && !isAlive(pid)) throw new CommandFailed(exitStatus.unavailable, 'process_not_running');
    if (await met()) return;
    if (Date.now() >= deadline) {
      throw new LinkError('timeout', node, `${name} on ${node} took longer than ${timeout} s`);
    }
    await sleep(pause);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
