/** Members of quorum queues, one by one and many at once. */
import { membersOf } from '../../core/metadata/operations/members.js';
import type { QueueRow } from '../../core/metadata/rows.js';
import { fromPcre } from '../../core/pcre.js';
import { type Command, type Invocation, nothing, type Outcome } from '../command.js';
import { UsageError } from '../exit-status.js';
import { rowsOf, submit } from '../metadata-access.js';
import type { Session } from '../session.js';

const one = (operation: 'queue.add_member' | 'queue.delete_member', verb: string): Command => ({
  usage: '[--vhost <vhost>] <queue> <node> [--timeout <timeout>]',
  operands: [2, 2],
  requires: 'running app',
  banner: ({ operands: [queue, node] }) => `${verb} queue ${queue} on node ${node}...`,
  async run({ operands: [name, node], vhost }, session) {
    await submit(session, operation, { vhost, name: name!, node: node! });
    return nothing;
  },
});

interface Change {
  row: QueueRow;
  size: number;
  result: string;
}

/** Tried on each queue; what one refuses keeps none of the others. */
async function each(
  rows: readonly QueueRow[],
  { operands: [node], options }: Invocation,
  session: Session,
  operation: 'queue.add_member' | 'queue.delete_member',
): Promise<Outcome> {
  const changes: Change[] = [];
  for (const row of rows) {
    const size = membersOf(row).length;
    try {
      await submit(session, operation, { vhost: row.vhost, name: row.name, node: node! });
      changes.push({ row, size: operation === 'queue.add_member' ? size + 1 : size - 1, result: 'ok' });
    } catch (error) {
      changes.push({ row, size, result: `error: ${reasonOf(error as Error & { code?: unknown })}` });
    }
  }
  const shown = options['errors-only'] === true ? changes.filter(({ result }) => result !== 'ok') : changes;
  return {
    kind: 'rows',
    columns: ['vhost', 'name', 'size', 'result'],
    rows: shown.map(({ row, size, result }) => [row.vhost, row.name, size, result]),
    whole: shown.length === 0,
  };
}

function reasonOf({ code, message }: Error & { code?: unknown }): string {
  if (code === 'last_node') return 'the last node cannot be removed';
  if (code === 'timeout') return 'the operation timed out and may not have been completed';
  return message;
}

const quorumQueues = async (session: Session) =>
  (await rowsOf(session, 'queues'))
    .filter(({ type }) => type === 'quorum')
    .sort((a, b) => (a.vhost + a.name < b.vhost + b.name ? -1 : 1));

const grow: Command = {
  usage: '<node> <all | even> [--vhost-pattern <pattern>] [--queue-pattern <pattern>]',
  operands: [2, 2],
  options: { 'vhost-pattern': 'string', 'queue-pattern': 'string', 'errors-only': 'flag' },
  requires: 'running app',
  formatter: 'table',
  check({ operands: [, strategy] }) {
    if (strategy !== 'all' && strategy !== 'even') {
      throw new UsageError(`"strategy '${strategy}' is not recognised."`);
    }
  },
  banner: ({ operands: [node, strategy] }) => `Growing ${strategy} quorum queues on ${node}...`,
  async run(invocation, session) {
    const { operands, options } = invocation;
    const vhosts = fromPcre(String(options['vhost-pattern'] ?? '.*'));
    const queues = fromPcre(String(options['queue-pattern'] ?? '.*'));
    const { nodes } = await session.ask('cluster', {});
    const up = nodes.some(({ name, running }) => running && name === operands[0]);
    const rows = (await quorumQueues(session)).filter((row) => {
      const members = membersOf(row);
      const wanted = operands[1] === 'all' || members.length % 2 === 0;
      return (
        up && wanted && !members.includes(operands[0]!) && vhosts.test(row.vhost) && queues.test(row.name)
      );
    });
    return each(rows, invocation, session, 'queue.add_member');
  },
};

const shrink: Command = {
  usage: '<node> [--errors-only]',
  operands: [1, 1],
  options: { 'errors-only': 'flag' },
  requires: 'running app',
  formatter: 'table',
  banner: ({ operands: [node] }) => `Shrinking quorum queues on ${node}...`,
  async run(invocation, session) {
    const rows = (await quorumQueues(session)).filter((row) =>
      membersOf(row).includes(invocation.operands[0]!),
    );
    return each(rows, invocation, session, 'queue.delete_member');
  },
};

export const memberCommands: Record<string, Command> = {
  add_member: one('queue.add_member', 'Adding a replica for'),
  delete_member: one('queue.delete_member', 'Removing a replica of'),
  grow,
  shrink,
};
