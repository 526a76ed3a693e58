import { checkColumns, columnsOf } from '../columns.js';
import { type Command, nothing } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { featureFlags } from '../feature-flags.js';

const columns = ['name', 'state', 'stability', 'provided_by', 'desc', 'doc_url'];

const listFeatureFlags: Command = {
  usage: '[<column> ...] [--timeout <timeout>]',
  operands: [0, Number.POSITIVE_INFINITY],
  requires: 'running app',
  formatter: 'table',
  check: ({ operands }) => checkColumns(operands, columns),
  banner: () => 'Listing feature flags ...',
  async run({ operands }) {
    const asked = columnsOf(operands, ['name', 'state']);
    const rows = featureFlags.map(
      (flag): Record<string, string> => ({ ...flag, state: 'enabled', stability: 'stable' }),
    );
    return { kind: 'rows', columns: asked, rows: rows.map((row) => asked.map((column) => row[column]!)) };
  },
};

/** All are enabled from the start. */
const enableFeatureFlag: Command = {
  usage: '<all | feature_flag>',
  operands: [1, 1],
  requires: 'running app',
  banner: ({ operands: [name] }) =>
    name === 'all' ? 'Enabling all feature flags ...' : `Enabling feature flag "${name}" ...`,
  async run({ node, operands: [name] }) {
    if (name === 'all' || featureFlags.some((flag) => flag.name === name)) return nothing;
    throw new CommandFailed(exitStatus.usage, `This feature flag is not supported by node ${node}`);
  },
};

export const featureFlagCommands: Record<string, Command> = {
  list_feature_flags: listFeatureFlags,
  enable_feature_flag: enableFeatureFlag,
};
