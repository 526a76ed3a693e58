import { membersOf } from '../../core/metadata/operations/members.js';
import { keys } from '../../core/metadata/rows.js';
import { fromPcre } from '../../core/pcre.js';
import { type Command, nothing, type Outcome, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { prettyRows } from '../formatters/table.js';
import { rowsOf, submit } from '../metadata-access.js';
import type { Session } from '../session.js';

const patterns = { 'vhost-pattern': 'string', 'queue-pattern': 'string' } as const;

async function queueRow(session: Session, vhost: string, name: string) {
  const rows = await rowsOf(session, 'queues');
  return rows.find((row) => keys.queue(row.vhost, row.name) === keys.queue(vhost, name));
}

/** Queues are spread so that no running node leads more than its share; only synchronised mirrors take over. */
const rebalance: Command = {
  usage: '< all | classic | quorum > [--vhost-pattern <pattern>] [--queue-pattern <pattern>]',
  operands: [1, 1],
  options: patterns,
  requires: 'running app',
  formatter: 'pretty_table',
  banner({ operands: [type] }) {
    return ['all', 'classic', 'quorum'].includes(type!) ? `Re-balancing leaders of ${type} queues...` : null;
  },
  async run({ operands: [type], options, formatter, node }, session): Promise<Outcome> {
    if (!['all', 'classic', 'quorum'].includes(type!)) {
      throw new CommandFailed(
        exitStatus.unavailable,
        `type ${type} is not supported. Try one of all, classic, quorum.`,
      );
    }
    const vhosts = fromPcre(String(options['vhost-pattern'] ?? '.*'));
    const queues = fromPcre(String(options['queue-pattern'] ?? '.*'));
    const rows = (await rowsOf(session, 'queues')).filter(
      (row) => (type === 'all' || row.type === type) && vhosts.test(row.vhost) && queues.test(row.name),
    );
    const led = await spread(rows, session);
    const json = led.map(([name, count]) => [
      ['Node name', name],
      ['Number of quorum queues', count.quorum],
      ['Number of replicated classic queues', count.classic],
    ]);
    if (formatter === 'json') return value('', { node, result: 'ok', value: json });
    if (led.length === 0) {
      return { kind: 'rows', columns: ['Output'], rows: [['[]']] };
    }
    const columns = ['Node name', 'Number of quorum queues', 'Number of replicated classic queues'];
    const table = led.map(([name, count]) => [name, count.quorum, count.classic]);
    session.output.out(`${prettyRows(columns, table)}`);
    return { kind: 'printed' };
  },
};

type Counts = { quorum: number; classic: number };

async function spread(
  rows: readonly Awaited<ReturnType<typeof rowsOf<'queues'>>>[number][],
  session: Session,
): Promise<[string, Counts][]> {
  const replicated = rows.filter(({ mirrors }) => mirrors.length > 0);
  const leaders = new Map<string, string>(replicated.map((row) => [row.id, row.leader]));
  const { nodes } = await session.ask('cluster', {});
  const load = new Map(nodes.filter(({ running }) => running).map(({ name }) => [name, 0]));
  for (const { leader } of replicated) load.set(leader, (load.get(leader) ?? 0) + 1);
  const most = Math.ceil(replicated.length / Math.max(1, load.size));
  for (const row of replicated) {
    if ((load.get(row.leader) ?? 0) <= most) continue;
    const to = row.syncedMirrors
      .filter((name) => (load.get(name) ?? most) < most)
      .sort((a, b) => load.get(a)! - load.get(b)!)[0];
    if (to === undefined) continue;
    await submit(session, 'queue.move_leader', { vhost: row.vhost, name: row.name, to });
    load.set(row.leader, load.get(row.leader)! - 1);
    load.set(to, load.get(to)! + 1);
    leaders.set(row.id, to);
  }
  const counts = new Map<string, Counts>();
  for (const row of replicated) {
    const count = counts.get(leaders.get(row.id)!) ?? { quorum: 0, classic: 0 };
    count[row.type === 'quorum' ? 'quorum' : 'classic']++;
    counts.set(leaders.get(row.id)!, count);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

const quorumStatus: Command = {
  usage: '[--vhost <vhost>] <queue>',
  operands: [1, 1],
  requires: 'running app',
  formatter: 'pretty_table',
  banner: ({ node, operands: [queue] }) => `Status of quorum queue ${queue} on node ${node} ...`,
  async run({ operands: [name], vhost }, session): Promise<Outcome> {
    const row = await queueRow(session, vhost, name!);
    if (row === undefined) throw new CommandFailed(exitStatus.unavailable, 'not_found');
    if (row.type !== 'quorum') {
      const type = row.type === 'classic' ? 'classic queue' : 'stream';
      throw new CommandFailed(exitStatus.unavailable, `Cannot get quorum status of a ${type}`);
    }
    const { nodes } = await session.ask('cluster', {});
    const up = new Set(nodes.filter(({ running }) => running).map(({ name }) => name));
    const state = (node: string) => (node === row.leader ? 'leader' : 'follower');
    return {
      kind: 'rows',
      columns: ['Node Name', 'Raft State'],
      rows: membersOf(row).map((node) => [node, up.has(node) ? state(node) : 'noproc']),
    };
  },
};

/** A runbook that calls it goes on: what it is to free is not held. */
const reclaimQuorumMemory: Command = {
  usage: '<queue> [--vhost <vhost>] [--timeout <timeout>]',
  operands: [1, 1],
  requires: 'running app',
  banner: ({ operands: [queue] }) => `Will flush Raft WAL of quorum queue ${queue} ...`,
  async run({ operands: [name], vhost }, session): Promise<Outcome> {
    const row = await queueRow(session, vhost, name!);
    const refuse = (why: string) => new CommandFailed(exitStatus.unavailable, why);
    if (row === undefined) throw refuse(`Target queue was not found in virtual host '${vhost}'`);
    if (row.type === 'classic') throw refuse('This operation is not applicable to classic queues');
    return nothing;
  },
};

export const replicaCommands: Record<string, Command> = {
  reclaim_quorum_memory: reclaimQuorumMemory,
  rebalance,
  quorum_status: quorumStatus,
};
