/**
 * Members of the cluster coming and going. What follows from it is worked out here in one transaction: queues of
 * a node that went down move to a mirror, stay and wait for it (durable ones), or go (transient and exclusive ones,
 * which live no longer than their node); mirrors are placed anew.
 */
import { AmqpError } from '../../../protocol/amqp-error.js';
import { removeQueue } from '../cascade.js';
import { Draft } from '../draft.js';
import { effectivePolicy } from '../effective-policy.js';
import { type Operation, OperationRefused } from '../operation.js';
import { keys, type NodeRow, type QueueRow } from '../rows.js';
import { placeAll } from './policies.js';

/** A node becomes a member; it is up when `node.up` says so. */
const join: Operation<{ name: string; type: NodeRow['type'] }, null> = (tables, { name, type }) => {
  const current = tables.get('nodes', name);
  const row = current === undefined ? { name, type, running: false, upSequence: 0 } : { ...current, type };
  return { changes: [{ table: 'nodes', key: keys.node(name), row }], result: null };
};

const up: Operation<{ name: string }, null> = (tables, { name }) => {
  const current = tables.get('nodes', name);
  if (current?.running) return { changes: [], result: null };
  const draft = new Draft(tables);
  let last = 0;
  for (const node of tables.all('nodes')) last = Math.max(last, node.upSequence);
  const row: NodeRow = { name, type: current?.type ?? 'disc', running: true, upSequence: last + 1 };
  draft.put('nodes', keys.node(name), row);
  for (const queue of [...draft.all('queues')]) if (outlived(queue, name)) removeQueue(draft, queue);
  placeAll(draft, null);
  return { changes: draft.changes, result: null };
};

/** `clean`: it was stopped; otherwise it was lost (ha-promote-on-shutdown and -on-failure tell them apart). */
const down: Operation<{ name: string; clean: boolean }, null> = (tables, { name, clean }) => {
  const current = tables.get('nodes', name);
  if (current === undefined || !current.running) return { changes: [], result: null };
  const draft = new Draft(tables);
  draft.put('nodes', keys.node(name), { ...current, running: false });
  leaveQueues(draft, name, clean);
  placeAll(draft, null);
  return { changes: draft.changes, result: null };
};

/** Takes a node that is down out of the cluster, and what only it had. */
const forget: Operation<{ name: string }, null> = (tables, { name }) => {
  const current = tables.get('nodes', name);
  if (current === undefined) {
    throw new OperationRefused('not_a_cluster_node', `The node selected is not in the cluster.`, {
      node: name,
    });
  }
  if (current.running) {
    throw new OperationRefused('node_running', `Node ${name} is running: stop it first`, { node: name });
  }
  const draft = new Draft(tables);
  draft.remove('nodes', keys.node(name));
  for (const queue of [...draft.all('queues')]) forgetQueue(draft, queue, name);
  placeAll(draft, null);
  return { changes: draft.changes, result: null };
};

/** change_cluster_node_type */
const setType: Operation<{ name: string; type: NodeRow['type'] }, null> = (tables, { name, type }) => {
  const current = tables.get('nodes', name);
  if (current === undefined) {
    throw new OperationRefused('not_a_cluster_node', `The node selected is not in the cluster.`, {
      node: name,
    });
  }
  return { changes: [{ table: 'nodes', key: keys.node(name), row: { ...current, type } }], result: null };
};

export interface MoveLeader {
  vhost: string;
  name: string;
  to: string;
}

/** A synchronised mirror takes the lead, the old leader mirrors (rebalancing, draining). */
const moveLeader: Operation<MoveLeader, null> = (tables, { vhost, name, to }) => {
  const key = keys.queue(vhost, name);
  const row = tables.get('queues', key);
  if (row === undefined) throw new AmqpError('NOT_FOUND', `no queue '${name}' in vhost '${vhost}'`);
  if (!row.syncedMirrors.includes(to)) {
    throw new OperationRefused('not_synchronised', `${to} holds no synchronised mirror of queue '${name}'`, {
      to,
    });
  }
  const moved = {
    ...row,
    leader: to,
    mirrors: [...row.mirrors.filter((node) => node !== to), row.leader],
    syncedMirrors: row.syncedMirrors.filter((node) => node !== to),
  };
  return { changes: [{ table: 'queues', key, row: moved }], result: null };
};

export const nodeOperations = {
  'node.join': join,
  'node.up': up,
  'node.down': down,
  'node.forget': forget,
  'node.set_type': setType,
  'queue.move_leader': moveLeader,
};

/** Left over from an earlier life of the node: exclusive and transient queues end with it. */
function outlived(row: QueueRow, node: string): boolean {
  return row.leader === node && (row.exclusiveOwner !== null || !row.durable);
}

function leaveQueues(draft: Draft, node: string, clean: boolean): void {
  for (const row of [...draft.all('queues')]) {
    if (row.leader === node) leaderLeft(draft, row, clean);
    else if (row.mirrors.includes(node))
      draft.put('queues', keys.queue(row.vhost, row.name), mirrorLeft(row, node));
  }
}

function leaderLeft(draft: Draft, row: QueueRow, clean: boolean): void {
  const successor = row.exclusiveOwner === null ? nextLeader(draft, row, clean) : null;
  if (successor !== null) {
    draft.put('queues', keys.queue(row.vhost, row.name), promoted(row, successor));
  } else if (row.exclusiveOwner !== null || !row.durable) {
    removeQueue(draft, row);
  }
}

/** The oldest synchronised mirror; one that is not synchronised only where the policy puts availability first. */
function nextLeader(draft: Draft, row: QueueRow, clean: boolean): string | null {
  const synced = row.mirrors.find((node) => row.syncedMirrors.includes(node));
  if (synced !== undefined) return synced;
  const { definition } = effectivePolicy(draft, 'queues', row.vhost, row.name);
  const promote = clean
    ? (definition['ha-promote-on-shutdown'] ?? 'when-synced')
    : (definition['ha-promote-on-failure'] ?? 'always');
  return promote === 'always' ? (row.mirrors[0] ?? null) : null;
}

function promoted(row: QueueRow, leader: string): QueueRow {
  return {
    ...row,
    leader,
    mirrors: row.mirrors.filter((node) => node !== leader),
    syncedMirrors: row.syncedMirrors.filter((node) => node !== leader),
    recoverableMirrors: [...row.recoverableMirrors.filter((node) => node !== leader), row.leader],
  };
}

function mirrorLeft(row: QueueRow, node: string): QueueRow {
  return {
    ...row,
    mirrors: row.mirrors.filter((each) => each !== node),
    syncedMirrors: row.syncedMirrors.filter((each) => each !== node),
    recoverableMirrors: [...row.recoverableMirrors.filter((each) => each !== node), node],
  };
}

/** A durable queue that only the forgotten node led is gone with it. */
function forgetQueue(draft: Draft, row: QueueRow, node: string): void {
  if (row.leader === node) {
    removeQueue(draft, row);
  } else if (row.recoverableMirrors.includes(node)) {
    const recoverableMirrors = row.recoverableMirrors.filter((each) => each !== node);
    draft.put('queues', keys.queue(row.vhost, row.name), { ...row, recoverableMirrors });
  }
}
