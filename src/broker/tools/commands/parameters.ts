import type { Command } from '../command.js';
import { nothing } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { parseJson } from '../json-operand.js';
import { rowsOf, submit } from '../metadata-access.js';
import { sortedJson } from '../sorted-json.js';

const running = 'running app' as const;

const setParameter: Command = {
  usage: '[--vhost <vhost>] <component_name> <name> <value>',
  operands: [3, 3],
  requires: running,
  banner: ({ operands: [component, name, value], vhost }) =>
    `Setting runtime parameter "${name}" for component "${component}" to "${value}" in vhost "${vhost}" ...`,
  async run({ operands, vhost }, session) {
    const [component, name, text] = operands as [string, string, string];
    await submit(session, 'parameter.set', { vhost, component, name, value: parseJson(text) });
    return nothing;
  },
};

const clearParameter: Command = {
  usage: '[--vhost <vhost>] <component_name> <name>',
  operands: [2, 2],
  requires: running,
  banner: ({ operands: [component, name], vhost }) =>
    `Clearing runtime parameter "${name}" for component "${component}" on vhost "${vhost}" ...`,
  async run({ operands, vhost }, session) {
    const [component, name] = operands as [string, string];
    await submit(session, 'parameter.clear', { vhost, component, name });
    return nothing;
  },
};

const listParameters: Command = {
  usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
  operands: [0, 0],
  requires: running,
  formatter: 'table',
  banner: ({ vhost }) => `Listing runtime parameters for vhost "${vhost}" ...`,
  async run({ vhost }, session) {
    const rows = await rowsOf(session, 'parameters', vhost);
    return {
      kind: 'rows',
      whole: true,
      columns: ['component', 'name', 'value'],
      rows: rows.map(({ component, name, value }) => [component, name, JSON.stringify(sortedJson(value))]),
    };
  },
};

const setGlobalParameter: Command = {
  usage: '<name> <value>',
  operands: [2, 2],
  requires: running,
  banner: ({ operands: [name, value] }) => `Setting global runtime parameter "${name}" to "${value}" ...`,
  async run({ operands }, session) {
    const [name, text] = operands as [string, string];
    await submit(session, 'global_parameter.set', { name, value: parseJson(text) });
    return nothing;
  },
};

const clearGlobalParameter: Command = {
  usage: '<name>',
  operands: [1, 1],
  requires: running,
  banner: ({ operands }) => `Clearing global runtime parameter "${operands[0]}" ...`,
  async run({ operands }, session) {
    const name = operands[0]!;
    const rows = await rowsOf(session, 'globalParameters');
    if (!rows.some((row) => row.name === name)) {
      throw new CommandFailed(exitStatus.unavailable, 'Parameter does not exist');
    }
    await submit(session, 'global_parameter.set', { name, value: null });
    return nothing;
  },
};

const listGlobalParameters: Command = {
  usage: '[--no-table-headers] [--timeout <timeout>]',
  operands: [0, 0],
  requires: running,
  formatter: 'table',
  banner: () => 'Listing global runtime parameters ...',
  async run(_invocation, session) {
    const rows = await rowsOf(session, 'globalParameters');
    return {
      kind: 'rows',
      whole: true,
      columns: ['name', 'value'],
      rows: rows.map(({ name, value }) => [name, JSON.stringify(sortedJson(value))]),
    };
  },
};

export const parameterCommands: Record<string, Command> = {
  set_parameter: setParameter,
  clear_parameter: clearParameter,
  list_parameters: listParameters,
  set_global_parameter: setGlobalParameter,
  clear_global_parameter: clearGlobalParameter,
  list_global_parameters: listGlobalParameters,
};
