/** Who has a copy of a quorum queue: chosen when it is declared, and changed by hand (add_member, grow, shrink …). */
import { type Operation, OperationRefused } from '../operation.js';
import { placed, runningNodes } from '../placement.js';
import { keys, type QueueRow } from '../rows.js';
import type { Tables } from '../tables.js';

interface Member {
  vhost: string;
  name: string;
  node: string;
}

const add: Operation<Member, null> = (tables, { vhost, name, node }) => {
  const row = quorumQueue(tables, vhost, name);
  const running = runningNodes(tables);
  if (!running.includes(node)) throw new OperationRefused('node_not_running', 'node_not_running', { node });
  const members = membersOf(row);
  if (members.includes(node)) return { changes: [], result: null };
  return put(placed({ ...row, members: [...members, node] }, running, tables));
};

/** A leader hands over to a synchronised member first. Taking away what is none succeeds. */
const remove: Operation<Member, null> = (tables, { vhost, name, node }) => {
  const row = quorumQueue(tables, vhost, name);
  const members = membersOf(row);
  if (!members.includes(node)) return { changes: [], result: null };
  if (members.length === 1) throw new OperationRefused('last_node', 'last_node', { node });
  const left = { ...row, ...withoutMember(row, node), members: members.filter((each) => each !== node) };
  if (row.leader === node) {
    const heir = row.syncedMirrors[0];
    if (heir === undefined) throw withoutHeir(left, runningNodes(tables));
    left.leader = heir;
  }
  return put(placed({ ...left, ...withoutMember(left, left.leader) }, runningNodes(tables), tables));
};

export const memberOperations = { 'queue.add_member': add, 'queue.delete_member': remove };

/** Rows of older versions name none: those that have a copy are meant. */
export function membersOf(row: QueueRow): string[] {
  return row.members ?? [...new Set([row.leader, ...row.mirrors, ...row.recoverableMirrors])];
}

/** Without another member that runs there is no majority, which RabbitMQ waits for in vain. */
function withoutHeir({ members, leader }: QueueRow, running: readonly string[]): OperationRefused {
  if (!members?.some((each) => running.includes(each))) {
    return new OperationRefused('timeout', 'timeout', { node: leader });
  }
  const text = `${leader} leads the queue, and no other member has all its messages yet: try again when one is synchronised`;
  return new OperationRefused('not_synchronised', text, { node: leader });
}

function withoutMember({ mirrors, syncedMirrors, recoverableMirrors }: QueueRow, node: string) {
  const others = (nodes: string[]) => nodes.filter((each) => each !== node);
  return {
    mirrors: others(mirrors),
    syncedMirrors: others(syncedMirrors),
    recoverableMirrors: others(recoverableMirrors),
  };
}

function put(row: QueueRow) {
  return { changes: [{ table: 'queues' as const, key: keys.queue(row.vhost, row.name), row }], result: null };
}

function quorumQueue(tables: Tables, vhost: string, name: string): QueueRow {
  const row = tables.get('queues', keys.queue(vhost, name));
  if (row === undefined) throw new OperationRefused('not_found', 'not_found', { vhost, name });
  if (row.type === 'quorum') return row;
  throw new OperationRefused(
    row.type === 'classic' ? 'classic_queue_not_supported' : 'stream_queue_not_supported',
    `Cannot add members to a ${row.type === 'classic' ? 'classic queue' : 'stream'}`,
    { vhost, name },
  );
}
