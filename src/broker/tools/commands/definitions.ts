import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, type Invocation, nothing, type Outcome, value } from '../command.js';
import { CommandFailed, exitStatus, UsageError } from '../exit-status.js';
import type { Session } from '../session.js';
import { sortedJson } from '../sorted-json.js';

const bad = (message: string) => new UsageError(`Bad argument: ${message}`, exitStatus.dataError);

function checkFormat({ options }: Invocation): void {
  const format = String(options.format ?? 'json').toLowerCase();
  if (format === 'json') return;
  if (format === 'erlang') throw bad('the bundled broker reads and writes JSON only, not Erlang terms');
  throw bad('Format should be either json or erlang');
}

const exportDefinitions: Command = {
  usage: '<file_path | "-"> [--format <json | erlang>] [--timeout <timeout>]',
  operands: [1, 1],
  options: { format: 'string' },
  requires: 'running app',
  check(invocation) {
    checkFormat(invocation);
    const [file] = invocation.operands as [string];
    const directory = dirname(resolve(file));
    if (file !== '-' && !existsSync(directory)) throw bad(`Directory ${directory} does not exist`);
  },
  // On the way to a pipe nothing but the definitions is printed.
  banner: ({ operands: [file] }) =>
    file === '-' ? null : `Exporting definitions in JSON to a file at "${file}" ...`,
  async run({ operands: [file], formatter, node }, session): Promise<Outcome> {
    const text = JSON.stringify(sortedJson(await session.ask('export_definitions', {})));
    if (file === '-') return { kind: 'value', text, json: JSON.parse(text) };
    try {
      writeFileSync(file!, text, { mode: 0o600 });
    } catch (error) {
      throw new CommandFailed(
        exitStatus.unavailable,
        `${file} cannot be written: ${(error as Error).message}`,
      );
    }
    return formatter === 'json' ? value('', { node, result: 'ok' }) : nothing;
  },
};

const importDefinitions: Command = {
  usage: '<file_path | "-"> [--format <json | erlang>] [--skip-if-unchanged] [--timeout <timeout>]',
  operands: [0, 1],
  options: { format: 'string', 'skip-if-unchanged': 'flag' },
  requires: 'running app',
  check(invocation) {
    checkFormat(invocation);
    const file = invocation.operands[0];
    if (file !== undefined && file !== '-' && !existsSync(file)) throw bad(`File ${file} does not exist`);
  },
  banner: ({ operands: [file] }) =>
    file === undefined || file === '-'
      ? 'Importing definitions in JSON from standard input ...'
      : `Importing definitions in JSON from a file at "${file}" ...`,
  async run({ operands: [file] }, session): Promise<Outcome> {
    const text = await textOf(file, session);
    await session.ask('import_definitions', { definitions: definitionsIn(text) });
    return value(
      'Successfully started definition import. This process is asynchronous and can take some time.\n',
    );
  },
};

export const definitionCommands: Record<string, Command> = {
  export_definitions: exportDefinitions,
  import_definitions: importDefinitions,
};

async function textOf(file: string | undefined, session: Session): Promise<string> {
  return file === undefined || file === '-' ? session.readInput() : readFileSync(file, 'utf8');
}

function definitionsIn(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    const token = text.trim().split(/\s/)[0];
    throw new CommandFailed(
      exitStatus.dataError,
      `Failed to deserialise input (format: JSON) (error: {:unexpected_token, "${token}"})`,
    );
  }
}
