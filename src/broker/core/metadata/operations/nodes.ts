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

interface Run {
  name: string;
  /** NodeRow.incarnation */
  incarnation?: string;
}

/** A node becomes a member; it is up when `node.up` says so. */
const join: Operation<{ name: string; type: NodeRow['type'] }, null> = (tables, { name, type }) => {
  const current = tables.get('nodes', name);
  const blank = { name, running: false, upSequence: 0, incarnation: '' };
  const row = { ...(current ?? blank), type };
  return { changes: [{ table: 'nodes', key: keys.node(name), row }], result: null };
};

/** A node that comes up while it still counts as running died in between: that is made up for first. */
const up: Operation<Run, null> = (tables, { name, incarnation = '' }) => {
  const current = tables.get('nodes', name);
  if (current?.running && current.incarnation === incarnation) return { changes: [], result: null };
  const draft = new Draft(tables);
  if (current?.running) takeDown(draft, current, false);
  bringUp(draft, name, 'disc', incarnation);
  return { changes: draft.changes, result: null };
};

/** The first to come up when all had been down: no mirror is promoted over a leader that may come as well. */
const boot: Operation<Run & { type: NodeRow['type'] }, null> = (tables, { name, type, incarnation = '' }) => {
  const draft = new Draft(tables);
  for (const row of tables.all('nodes')) {
    if (row.running) draft.put('nodes', keys.node(row.name), { ...row, running: false });
  }
  for (const queue of tables.all('queues')) rest(draft, queue);
  bringUp(draft, name, type, incarnation);
  return { changes: draft.changes, result: null };
};

/** `clean`: it was stopped; otherwise it was lost (ha-promote-on-shutdown and -on-failure tell them apart). */
const down: Operation<Run & { clean: boolean }, null> = (tables, { name, incarnation, clean }) => {
  const current = tables.get('nodes', name);
  if (!current?.running || current.incarnation !== (incarnation ?? current.incarnation)) {
    return { changes: [], result: null };
  }
  const draft = new Draft(tables);
  takeDown(draft, current, clean);
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
    throw new OperationRefused(
      'node_running',
      `RabbitMQ on node ${name} must be stopped with 'rabbitmqctl -n ${name} stop_app' before it can be removed`,
      { node: name },
    );
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

interface MoveLeader {
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
  'node.boot': boot,
  'node.down': down,
  'node.forget': forget,
  'node.set_type': setType,
  'queue.move_leader': moveLeader,
};

/** Left over from an earlier life of the node: exclusive and transient queues end with it. */
function outlived(row: QueueRow, node: string): boolean {
  return row.leader === node && (row.exclusiveOwner !== null || !row.durable);
}

function bringUp(draft: Draft, name: string, type: NodeRow['type'], incarnation: string): void {
  const current = draft.get('nodes', keys.node(name));
  let last = 0;
  for (const node of draft.all('nodes')) last = Math.max(last, node.upSequence);
  const row: NodeRow = {
    name,
    type: current?.type ?? type,
    running: true,
    upSequence: last + 1,
    incarnation,
  };
  draft.put('nodes', keys.node(name), row);
  for (const queue of [...draft.all('queues')]) if (outlived(queue, name)) removeQueue(draft, queue);
  placeAll(draft, null);
}

function takeDown(draft: Draft, row: NodeRow, clean: boolean): void {
  draft.put('nodes', keys.node(row.name), { ...row, running: false });
  leaveQueues(draft, row.name, clean);
  placeAll(draft, null);
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
  } else {
    rest(draft, row);
  }
}

/** Nobody leads it until its leader comes back; who mirrored a durable one is kept in mind, the best heirs first. */
function rest(draft: Draft, row: QueueRow): void {
  if (row.exclusiveOwner !== null || !row.durable) {
    removeQueue(draft, row);
    return;
  }
  if (row.mirrors.length === 0) return;
  const synced = row.mirrors.filter((node) => row.syncedMirrors.includes(node));
  const recoverableMirrors = [...new Set([...synced, ...row.mirrors, ...row.recoverableMirrors])];
  const resting = { ...row, mirrors: [], syncedMirrors: [], recoverableMirrors };
  draft.put('queues', keys.queue(row.vhost, row.name), resting);
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

/** It is no member any more, either. A durable queue that the forgotten node led goes to a node that mirrored it; one that only it had is gone. */
function forgetQueue(draft: Draft, row: QueueRow, node: string): void {
  const recoverableMirrors = row.recoverableMirrors.filter((each) => each !== node);
  const left = row.members?.includes(node)
    ? { ...row, members: row.members.filter((each) => each !== node) }
    : row;
  const heir = recoverableMirrors.find((each) => draft.get('nodes', keys.node(each)) !== undefined);
  if (row.leader !== node) {
    if (left === row && recoverableMirrors.length === row.recoverableMirrors.length) return;
    draft.put('queues', keys.queue(row.vhost, row.name), { ...left, recoverableMirrors });
  } else if (heir === undefined) {
    removeQueue(draft, row);
  } else {
    const rest = recoverableMirrors.filter((each) => each !== heir);
    draft.put('queues', keys.queue(row.vhost, row.name), { ...left, leader: heir, recoverableMirrors: rest });
  }
}
