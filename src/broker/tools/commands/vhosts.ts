import type { VhostAnswer } from '../../control/requests.js';
import { OperationRefused } from '../../core/metadata/operation.js';
import { atom, atoms, type Cell } from '../cell.js';
import { checkColumns, columnsOf } from '../columns.js';
import { type Command, nothing, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { submit } from '../metadata-access.js';

const running = 'running app' as const;

const addVhost: Command = {
  usage:
    '<vhost> [--description <description> --tags "<tag1>,<tag2>,<...>" --default-queue-type <quorum|classic|stream>]',
  operands: [1, 1],
  options: { description: 'string', tags: 'string', 'default-queue-type': 'string' },
  requires: running,
  banner: ({ operands }) => `Adding vhost "${operands[0]}" ...`,
  async run({ operands, options }, session) {
    const type = options['default-queue-type'];
    if (type !== undefined && !['quorum', 'classic', 'stream'].includes(String(type))) {
      throw new CommandFailed(exitStatus.unavailable, 'invalid_queue_type');
    }
    await submit(session, 'vhost.put', {
      name: operands[0]!,
      ...(options.description === undefined ? {} : { description: String(options.description) }),
      ...(options.tags === undefined ? {} : { tags: String(options.tags).split(/\s*,\s*/) }),
      ...(type === undefined ? {} : { defaultQueueType: String(type) }),
    });
    return nothing;
  },
};

const deleteVhost: Command = {
  usage: '<vhost>',
  operands: [1, 1],
  requires: running,
  banner: ({ operands }) => `Deleting vhost "${operands[0]}" ...`,
  async run({ operands }, session) {
    await submit(session, 'vhost.delete', { name: operands[0]! });
    return nothing;
  },
};

const setVhostTags: Command = {
  usage: '<vhost> <tag> [...]',
  operands: [1, Number.POSITIVE_INFINITY],
  requires: running,
  banner: ({ operands: [name, ...tags] }) =>
    `Setting tags for virtual host "${name}" to [${tags.join(', ')}] ...`,
  async run({ operands: [name, ...tags] }, session) {
    const all = await session.ask('vhosts', {});
    if (!all.some((vhost) => vhost.name === name)) {
      throw new CommandFailed(exitStatus.dataError, `Virtual host "${name}" does not exist`);
    }
    await submit(session, 'vhost.put', { name: name!, tags });
    return nothing;
  },
};

/** Every vhost runs wherever the application does: there is none to restart. */
const restartVhost: Command = {
  usage: '[--vhost <vhost>] [--timeout <timeout>]',
  operands: [0, 0],
  requires: running,
  banner: ({ node, vhost }) => `Trying to restart vhost '${vhost}' on node '${node}' ...`,
  async run({ node, vhost }, session) {
    const all = await session.ask('vhosts', {});
    if (all.some(({ name }) => name === vhost))
      return value(`Vhost '${vhost}' is already running on node '${node}'`);
    throw new CommandFailed(
      exitStatus.software,
      `Failed to start vhost '${vhost}' on node '${node}'Reason: {:no_such_vhost, "${vhost}"}`,
    );
  },
};

const columns: Record<string, (vhost: VhostAnswer) => Cell> = {
  name: ({ name }) => name,
  description: ({ description }) => description,
  tags: ({ tags }) => atoms(tags),
  default_queue_type: ({ defaultQueueType }) =>
    defaultQueueType === null ? atom('undefined') : defaultQueueType,
  tracing: ({ tracing }) => tracing,
  cluster_state: ({ clusterState }) => ({
    properties: clusterState.map(([node, state]): [string, Cell] => [node, atom(state)]),
  }),
};

const listVhosts: Command = {
  usage: '[--no-table-headers] [<column> ...] [--timeout <timeout>]',
  operands: [0, Number.POSITIVE_INFINITY],
  requires: running,
  formatter: 'table',
  check: ({ operands }) => checkColumns(operands, Object.keys(columns)),
  banner: () => 'Listing vhosts ...',
  async run({ operands }, session) {
    const asked = columnsOf(operands, ['name']);
    const vhosts = await session.ask('vhosts', {});
    return {
      kind: 'rows',
      columns: asked,
      rows: vhosts.map((vhost) => asked.map((column) => columns[column]!(vhost))),
    };
  },
};

const trace = (on: boolean): Command => ({
  usage: '[--vhost <vhost>]',
  operands: [0, 0],
  requires: running,
  banner: ({ vhost }) => `${on ? 'Starting' : 'Stopping'} tracing for vhost "${vhost}" ...`,
  async run({ vhost }, session) {
    // RabbitMQ says so of a vhost that is not there, too.
    await session.ask('trace', { vhost, on }).catch((error: unknown) => {
      if (!(error instanceof OperationRefused && error.code === 'no_such_vhost')) throw error;
    });
    return value(`Trace ${on ? 'enabled' : 'disabled'} for vhost ${vhost}`);
  },
});

export const vhostCommands: Record<string, Command> = {
  add_vhost: addVhost,
  delete_vhost: deleteVhost,
  set_vhost_tags: setVhostTags,
  list_vhosts: listVhosts,
  restart_vhost: restartVhost,
  trace_on: trace(true),
  trace_off: trace(false),
};
