import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cookieHash } from '../../config/cookie.js';
import { compatibleVersion } from '../../config/plugins.js';
import { type Command, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { listenerJson, listenerLine } from '../listener-lines.js';
import { inUnit, memoryParts, share, type Unit, withPoint } from '../memory-breakdown.js';
import { runtimeVersion } from '../runtime-version.js';
import { checkUnit } from './status.js';

const none: Pick<Command, 'usage' | 'operands' | 'timeout'> = {
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  timeout: 60,
};

const listeners: Command = {
  ...none,
  requires: 'running app',
  banner: ({ node }) => `Asking node ${node} to report its protocol listeners ...`,
  async run({ node }, session) {
    const found = (await session.ask('facts', {})).listeners;
    const json = { listeners: found.map((each) => listenerJson(node, each)), node, result: 'ok' };
    return value(found.map(listenerLine).join('\n'), json);
  },
};

const serverVersion: Command = {
  ...none,
  banner: ({ node }) => `Asking node ${node} for its RabbitMQ version...`,
  async run(_invocation, session) {
    await session.ask('app', {});
    return value(compatibleVersion, { result: 'ok', value: compatibleVersion });
  },
};

const erlangVersion: Command = {
  ...none,
  options: { details: 'flag' },
  banner: ({ node }) => `Asking node ${node} for its Erlang/OTP version...`,
  async run(_invocation, session) {
    await session.ask('app', {});
    return value(runtimeVersion, { result: 'ok', value: runtimeVersion });
  },
};

const erlangCookieHash: Command = {
  ...none,
  banner: ({ node }) => `Asking node ${node} its Erlang cookie hash...`,
  async run(_invocation, session) {
    // The node let this tool in: their cookies are the same.
    await session.ask('app', {});
    const hash = cookieHash(session.cookie);
    return value(hash, { result: 'ok', value: hash });
  },
};

const memoryBreakdown: Command = {
  ...none,
  usage: '[--unit <unit>] [--timeout <timeout>]',
  options: { unit: 'string' },
  requires: 'running app',
  check: ({ options }) => checkUnit(options.unit),
  banner: ({ node }) => `Reporting memory breakdown on node ${node}...`,
  async run({ options }, session) {
    const facts = await session.ask('facts', {});
    const unit = (options.unit ?? 'gb') as Unit;
    const parts = memoryParts(facts);
    const total = facts.memory.rss;
    const json = parts.map(([name, bytes]) => [name, { bytes, percentage: share(bytes, total) }] as const);
    const lines = parts.map(
      ([name, bytes]) => `${name}: ${inUnit(bytes, unit)} ${unit} (${withPoint(share(bytes, total))}%)`,
    );
    return value(lines.join('\n'), Object.fromEntries(json));
  },
};

const logLocation: Command = {
  ...none,
  usage: '[--all|-a] [--timeout <timeout>]',
  options: { all: 'flag' },
  aliases: { a: 'all' },
  banner: ({ node }) => `Log file location(s) on node ${node} ...`,
  async run({ node, options }, session) {
    const { logFiles } = await session.ask('facts', {});
    const paths = options.all === true ? logFiles : logFiles.slice(0, 1);
    return value(paths.join('\n'), { node_name: node, paths, result: 'ok' });
  },
};

const logTail: Command = {
  ...none,
  usage: '[--number|-N <number>] [--timeout <timeout>]',
  options: { number: 'integer' },
  aliases: { N: 'number' },
  banner: ({ node, options }) => `Last ${options.number ?? 50} log lines on node ${node} ...`,
  async run({ options }, session) {
    const file = fileOf((await session.ask('facts', {})).logFiles);
    return value(lastLines(file, Number(options.number ?? 50)).join('\n'));
  },
};

/** What is written to the log from now on, until the time is over or the node's process is gone. */
const logTailStream: Command = {
  usage: '[--duration|-d <seconds>] [--timeout <timeout>]',
  operands: [0, 0],
  options: { duration: 'integer' },
  aliases: { d: 'duration' },
  banner: ({ node, options }) =>
    `Streaming logs from node ${node} ${options.duration === undefined ? '...' : `for ${options.duration} seconds ...`}`,
  async run({ node, options }, session) {
    const { logFiles, pid } = await session.ask('facts', {});
    await session.close();
    const file = fileOf(logFiles);
    const ends = Date.now() + Number(options.duration ?? Number.POSITIVE_INFINITY) * 1000;
    let { size } = statSync(file);
    do {
      await sleep(Math.min(100, Math.max(1, ends - Date.now())));
      const now = statSync(file).size;
      // A file that was cut short is another one.
      if (now < size) size = 0;
      if (now > size) session.output.out(between(file, size, now).toString('utf8'));
      size = now;
    } while (Date.now() < ends && session.registry.lookup(node)?.pid === pid);
    return { kind: 'printed' };
  },
};

/** Reads from the end, as far as a line of a log is long. */
function lastLines(file: string, count: number): string[] {
  const { size } = statSync(file);
  const length = Math.min(size, Math.max(1, count) * 1000);
  return between(file, size - length, size)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .slice(-count);
}

function between(file: string, from: number, to: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(to - from);
    readSync(descriptor, bytes, 0, bytes.length, from);
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function fileOf(logFiles: readonly string[]): string {
  const file = logFiles.find((path) => path.startsWith('/'));
  if (file !== undefined) return file;
  throw new CommandFailed(
    exitStatus.unavailable,
    'The node logs to its standard output only: there is no file to read',
  );
}

export const factCommands: Record<string, Command> = {
  listeners,
  server_version: serverVersion,
  erlang_version: erlangVersion,
  erlang_cookie_hash: erlangCookieHash,
  memory_breakdown: memoryBreakdown,
  log_location: logLocation,
  log_tail: logTail,
  log_tail_stream: logTailStream,
};
