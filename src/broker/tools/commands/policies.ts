import { OperationRefused } from '../../core/metadata/operation.js';
import type { PolicyRow } from '../../core/metadata/rows.js';
import { type Command, type Invocation, nothing } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { parseJson } from '../json-operand.js';
import { rowsOf, submit } from '../metadata-access.js';
import { sortedJson } from '../sorted-json.js';

type Kind = 'policy' | 'operator_policy';

const named = { policy: 'policy', operator_policy: 'operator policy override' } as const;

const set = (kind: Kind): Command => ({
  usage: '[--vhost <vhost>] [--priority <priority>] [--apply-to <apply-to>] <name> <pattern> <definition>',
  operands: [3, 3],
  options: { priority: 'integer', 'apply-to': 'string' },
  requires: 'running app',
  banner: ({ operands: [name, pattern, definition], options, vhost }) =>
    `Setting ${named[kind]} "${name}" for pattern "${pattern}" to "${definition}" with priority "${options.priority ?? 0}" for vhost "${vhost}" ...`,
  async run(invocation, session) {
    await submit(session, `${kind}.set`, policyOf(invocation));
    return nothing;
  },
});

function policyOf({ operands, options, vhost }: Invocation): PolicyRow {
  const [name, pattern, text] = operands as [string, string, string];
  const definition = parseJson(text);
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) {
    throw new CommandFailed(
      exitStatus.unavailable,
      `Validation failed\n\n${text} is not a JSON object of policy settings\n`,
    );
  }
  const applyTo = String(options['apply-to'] ?? 'all');
  if (applyTo !== 'all' && applyTo !== 'queues' && applyTo !== 'exchanges') {
    throw new CommandFailed(
      exitStatus.unavailable,
      `Validation failed\n\napply-to '${applyTo}' unrecognised; should be 'queues', 'exchanges' or 'all'\n`,
    );
  }
  return {
    vhost,
    name,
    pattern,
    applyTo,
    priority: Number(options.priority ?? 0),
    definition: definition as Record<string, unknown>,
  };
}

const clear = (kind: Kind): Command => ({
  usage: '[--vhost <vhost>] <name>',
  operands: [1, 1],
  requires: 'running app',
  banner: ({ operands, vhost }) =>
    `Clearing ${kind === 'policy' ? 'policy' : 'operator policy'} "${operands[0]}" on vhost "${vhost}" ...`,
  async run({ operands, vhost }, session) {
    await submit(session, `${kind}.clear`, { vhost, name: operands[0]! }).catch((error: unknown) => {
      if (!(error instanceof OperationRefused)) throw error;
      throw new CommandFailed(exitStatus.unavailable, 'Parameter does not exist');
    });
    return nothing;
  },
});

const list = (kind: Kind): Command => ({
  usage: '[--vhost <vhost>] [--no-table-headers] [--timeout <timeout>]',
  operands: [0, 0],
  requires: 'running app',
  formatter: 'table',
  banner: ({ vhost }) =>
    `Listing ${kind === 'policy' ? 'policies' : 'operator policy overrides'} for vhost "${vhost}" ...`,
  async run({ vhost }, session) {
    const rows = await rowsOf(session, kind === 'policy' ? 'policies' : 'operatorPolicies', vhost);
    return {
      kind: 'rows',
      whole: true,
      columns: ['vhost', 'name', 'pattern', 'apply-to', 'definition', 'priority'],
      rows: rows.map((row) => [
        row.vhost,
        row.name,
        row.pattern,
        row.applyTo,
        JSON.stringify(sortedJson(row.definition)),
        row.priority,
      ]),
    };
  },
});

export const policyCommands: Record<string, Command> = {
  set_policy: set('policy'),
  clear_policy: clear('policy'),
  list_policies: list('policy'),
  set_operator_policy: set('operator_policy'),
  clear_operator_policy: clear('operator_policy'),
  list_operator_policies: list('operator_policy'),
};
