import { AmqpError } from '../../../protocol/amqp-error.js';
import { type FieldTable, field } from '../../../protocol/field-table.js';
import { removeQueue } from '../cascade.js';
import { Draft } from '../draft.js';
import { locateLeader } from '../leader-locator.js';
import { vhostLimit } from '../limits.js';
import { named } from '../named.js';
import type { Operation, OperationContext } from '../operation.js';
import { initialMembers, placed, runningNodes } from '../placement.js';
import { keys, type QueueRow } from '../rows.js';
import type { Tables } from '../tables.js';
import { typeName } from '../validation/field-types.js';
import {
  checkEquivalentQueue,
  checkQueueArguments,
  checkQueueProperties,
  queueTypeOf,
} from '../validation/queue-arguments.js';
import { requireVhost } from './require.js';

interface DeclareQueue {
  vhost: string;
  name: string;
  durable: boolean;
  autoDelete: boolean;
  /** Identity of the connection that is to own it, null when it is not exclusive. */
  exclusiveOwner: string | null;
  arguments: FieldTable;
  /** Node of the requester: the leader of a new queue. */
  node: string;
}

const declare: Operation<DeclareQueue, { created: boolean }> = (tables, args, context) => {
  requireVhost(tables, args.vhost);
  const key = keys.queue(args.vhost, args.name);
  const current = tables.get('queues', key);
  if (current !== undefined) {
    checkReachable(tables, current);
    checkEquivalent(current, { ...args, arguments: withDefaultType(tables, args) });
    return { changes: [], result: { created: false } };
  }
  checkLimit(tables, args.vhost, args.name);
  checkDeadLetterExchange(args);
  const table = withDefaultType(tables, args);
  const type = queueTypeOf(args.name, args.vhost, table);
  checkQueueArguments(args.name, args.vhost, type, table);
  const asked = newRow(args, table, type, context);
  checkQueueProperties(asked);
  const located = withMembers({ ...asked, leader: locateLeader(tables, asked) }, tables);
  const row = placed(located, runningNodes(tables), tables);
  const created = { ...row, syncedMirrors: row.mirrors }; // empty, hence in sync
  return { changes: [{ table: 'queues', key, row: created }], result: { created: true } };
};

/** Deletes the queue with this `id`, or any of that name when no id is given. What is not there stays so. */
const remove: Operation<{ vhost: string; name: string; id: string | null }, { deleted: boolean }> = (
  tables,
  { vhost, name, id },
) => {
  const row = tables.get('queues', keys.queue(vhost, name));
  if (row === undefined || (id !== null && row.id !== id)) return { changes: [], result: { deleted: false } };
  const draft = new Draft(tables);
  removeQueue(draft, row);
  return { changes: draft.changes, result: { deleted: true } };
};

interface Synced {
  vhost: string;
  name: string;
  id: string;
  mirrors: string[];
  /** Who reports it, and the run in which the mirror came into sync: a report may come late. */
  leader?: string;
  incarnation?: string | undefined;
}

const runOf = (tables: Tables, node: string) => tables.get('nodes', node)?.incarnation;

/** The leader reports that these mirrors hold every message. */
const synced: Operation<Synced, null> = (tables, { vhost, name, id, mirrors, leader, incarnation }) => {
  const key = keys.queue(vhost, name);
  const row = tables.get('queues', key);
  if (row === undefined || row.id !== id) return { changes: [], result: null };
  const outdated =
    row.leader !== (leader ?? row.leader) ||
    mirrors.some((node) => (incarnation ?? runOf(tables, node)) !== runOf(tables, node));
  if (outdated) return { changes: [], result: null };
  const syncedMirrors = row.mirrors.filter(
    (node) => mirrors.includes(node) || row.syncedMirrors.includes(node),
  );
  if (syncedMirrors.length === row.syncedMirrors.length) return { changes: [], result: null };
  return { changes: [{ table: 'queues', key, row: { ...row, syncedMirrors } }], result: null };
};

/** A connection closed: the queues that are exclusive to it go. */
const ownerGone: Operation<{ connection: string }, { deleted: number }> = (tables, { connection }) => {
  const draft = new Draft(tables);
  const rows = [...tables.index.exclusiveQueuesOf(connection)];
  for (const row of rows) removeQueue(draft, row);
  return { changes: draft.changes, result: { deleted: rows.length } };
};

export const queueOperations = {
  'queue.declare': declare,
  'queue.delete': remove,
  'queue.synced': synced,
  'connection.gone': ownerGone,
};

/** 404 when the node that leads it is down and no mirror took over. */
export function checkReachable(tables: Tables, row: QueueRow): void {
  if (tables.get('nodes', row.leader)?.running !== false) return;
  throw new AmqpError(
    'NOT_FOUND',
    `home node '${row.leader}' of durable ${named('queue', row.name, row.vhost)} is down or inaccessible`,
  );
}

function newRow(args: DeclareQueue, table: FieldTable, type: QueueRow['type'], context: OperationContext) {
  const row: QueueRow = {
    vhost: args.vhost,
    name: args.name,
    id: context.newId(),
    type,
    durable: args.durable,
    autoDelete: args.autoDelete,
    exclusiveOwner: args.exclusiveOwner,
    arguments: table,
    leader: args.node,
    mirrors: [],
    syncedMirrors: [],
    recoverableMirrors: [],
  };
  return row;
}

function withMembers(row: QueueRow, tables: Tables): QueueRow {
  if (row.type === 'classic') return row;
  const key = row.type === 'quorum' ? 'x-quorum-initial-group-size' : 'x-initial-cluster-size';
  const size = field(row.arguments, key);
  return {
    ...row,
    members: initialMembers(row, size === undefined ? undefined : Number(size.value), tables),
  };
}

type Typed = Pick<DeclareQueue, 'vhost' | 'durable' | 'autoDelete' | 'exclusiveOwner' | 'arguments'>;

/** What is asked for, with the virtual host's default type where none is and the queue can be of it. */
export function withDefaultType(tables: Tables, args: Typed): FieldTable {
  const type = tables.get('vhosts', args.vhost)?.defaultQueueType;
  const asked = args.arguments.some((entry) => entry.key === 'x-queue-type');
  const possible = type === 'classic' || (args.durable && !args.autoDelete && args.exclusiveOwner === null);
  if (type === undefined || asked || !possible) return args.arguments;
  return [...args.arguments, { key: 'x-queue-type', type: 'S', value: type }];
}

function checkEquivalent(row: QueueRow, args: DeclareQueue): void {
  checkExclusive(row, args.exclusiveOwner, true);
  const where = named('queue', row.name, row.vhost);
  const fields = [
    ['durable', row.durable, args.durable],
    ['auto_delete', row.autoDelete, args.autoDelete],
  ] as const;
  for (const [name, now, wanted] of fields) {
    if (now === wanted) continue;
    const text = `inequivalent arg '${name}' for ${where}: received '${wanted}' but current is '${now}'`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  checkEquivalentQueue(row, args.arguments);
}

/** 405 for a connection that does not own an exclusive queue; a declaration must ask for the same ownership. */
export function checkExclusive(row: QueueRow, connection: string | null, declaring = false): void {
  if (row.exclusiveOwner === connection) return;
  if (row.exclusiveOwner === null && !declaring) return;
  throw new AmqpError(
    'RESOURCE_LOCKED',
    `cannot obtain exclusive access to locked ${named('queue', row.name, row.vhost)}. It could be originally ` +
      'declared on another connection or the exclusive property value does not match that of the original declaration.',
  );
}

function checkDeadLetterExchange({ name, vhost, arguments: table }: DeclareQueue): void {
  const exchange = table.find((entry) => entry.key === 'x-dead-letter-exchange');
  if (exchange === undefined || exchange.type === 'S') return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `invalid type '${typeName(exchange)}' for arg 'x-dead-letter-exchange' in ${named('queue', name, vhost)}`,
  );
}

function checkLimit(tables: Tables, vhost: string, name: string): void {
  const limit = vhostLimit(tables, vhost, 'max-queues');
  if (limit === null) return;
  let count = 0;
  for (const row of tables.all('queues')) if (row.vhost === vhost) count++;
  if (count < limit) return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `cannot declare queue '${name}': queue limit in vhost '${vhost}' (${limit}) is reached`,
  );
}
