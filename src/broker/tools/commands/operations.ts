import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry, runtimeFolder } from '../../cluster/registry.js';
import { forceLoadFile, placesOf } from '../../config/environment.js';
import { type Command, nothing } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';

const suspendListeners: Command = {
  usage: '',
  operands: [0, 0],
  requires: 'running app',
  banner: ({ node }) =>
    `Will suspend client connection listeners on node ${node}. The node will no longer accept client connections!`,
  async run(_invocation, session) {
    await session.ask('suspend_listeners', {});
    return nothing;
  },
};

const resumeListeners: Command = {
  usage: '',
  operands: [0, 0],
  requires: 'running app',
  banner: ({ node }) =>
    `Will resume client connection listeners on node ${node}. The node will now accept client connections`,
  async run(_invocation, session) {
    await session.ask('resume_listeners', {});
    return nothing;
  },
};

const levels = ['debug', 'info', 'warning', 'error', 'critical', 'none'] as const;

const setLogLevel: Command = {
  usage: '<log_level>',
  operands: [1, 1],
  banner: ({ operands: [level] }) => (isLevel(level!) ? `Setting log level to "${level}" ...` : null),
  async run({ operands: [level] }, session) {
    if (!isLevel(level!)) {
      throw new CommandFailed(
        exitStatus.unavailable,
        `level ${level} is not supported. Try one of ${levels.join(', ')}`,
      );
    }
    await session.ask('set_log_level', { level });
    return nothing;
  },
};

const isLevel = (word: string): word is (typeof levels)[number] =>
  (levels as readonly string[]).includes(word);

const forceGc: Command = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  timeout: 60,
  banner: ({ node }) => `Will ask all processes on node ${node} to schedule a full sweep GC`,
  async run(_invocation, session) {
    await session.ask('force_gc', {});
    return nothing;
  },
};

/** The process of the node need not run: the file that it looks for is written then. */
const forceBoot: Command = {
  usage: '',
  operands: [0, 0],
  requires: ({ node, env }) =>
    new Registry(runtimeFolder(env)).lookup(node) === null ? undefined : 'stopped app',
  async run({ node, env }, session) {
    if (session.registry.lookup(node) !== null) {
      await session.ask('force_boot', {});
      return nothing;
    }
    const { mnesia } = placesOf(env, node);
    if (!existsSync(mnesia)) throw new CommandFailed(exitStatus.unavailable, 'enoent');
    writeFileSync(join(mnesia, forceLoadFile), '');
    return nothing;
  },
};

export const operationCommands: Record<string, Command> = {
  suspend_listeners: suspendListeners,
  resume_listeners: resumeListeners,
  set_log_level: setLogLevel,
  force_gc: forceGc,
  force_boot: forceBoot,
};
