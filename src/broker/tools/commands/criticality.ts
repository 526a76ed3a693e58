import { membersOf } from '../../core/metadata/operations/members.js';
import type { QueueRow } from '../../core/metadata/rows.js';
import { type Command, value } from '../command.js';
import { CommandFailed, exitStatus } from '../exit-status.js';
import { rowsOf } from '../metadata-access.js';

interface Question {
  banner: string;
  fine: string;
  critical: string;
  loses: string;
  /** Would `queue` lose messages, or its majority, without `node`? */
  depends(queue: QueueRow, node: string): boolean;
}

const check = ({ banner, fine, critical, loses, depends }: Question): Command => ({
  usage: '[--timeout <timeout>]',
  operands: [0, 0],
  requires: 'running app',
  timeout: 60,
  banner: ({ node }) => `Checking if node ${node} ${banner} ...`,
  async run(invocation, session) {
    const { node, silent } = invocation;
    const members = await session.ask('members', {});
    if (members.length < 2) {
      const text = 'seems to be the only one in a single node cluster, the check does not apply';
      return value(silent ? '' : `Node ${node} ${text}`, { message: `Target node ${text}`, result: 'ok' });
    }
    const found = (await rowsOf(session, 'queues')).filter((queue) => depends(queue, node));
    if (found.length === 0) return value(silent ? '' : `Node ${node} ${fine}`, { result: 'ok' });
    const list = found.map(({ name, vhost, type }) => ({
      name,
      readable_name: `queue '${name}' in vhost '${vhost}'`,
      type,
      virtual_host: vhost,
    }));
    const lines = list.map(
      ({ readable_name }) => `${readable_name} would ${loses} if node ${node} is stopped`,
    );
    const json = { message: `Node ${node} reported ${critical}`, queues: list };
    throw new CommandFailed(exitStatus.unavailable, silent ? '' : lines.join('\n'), json, false);
  },
});

export const criticalityCommands: Record<string, Command> = {
  check_if_node_is_quorum_critical: check({
    banner: 'is critical for quorum of any quorum queues',
    fine: 'reported no quorum queues with minimum quorum',
    critical: 'local queues with minimum online quorum',
    loses: 'lose quorum',
    // The members of a quorum queue are its leader and mirrors that run: one less must still be a majority of all.
    depends(queue, node) {
      if (queue.type !== 'quorum') return false;
      const all = membersOf(queue);
      const left = [queue.leader, ...queue.mirrors].filter((member) => member !== node);
      return all.includes(node) && left.length * 2 <= all.length;
    },
  }),
  check_if_node_is_mirror_sync_critical: check({
    banner: 'is critical for data safety of any classic mirrored queues',
    fine: 'reported no classic mirrored queues without online synchronised mirrors',
    critical: 'local classic mirrored queues without online synchronised mirrors',
    loses: 'lose its only synchronised replica (master)',
    depends: (queue, node) =>
      queue.type === 'classic' &&
      queue.leader === node &&
      queue.mirrors.length > 0 &&
      queue.syncedMirrors.length === 0,
  }),
};
