import { AmqpError } from '../../../protocol/amqp-error.js';
import { exchangeType } from '../../exchange/exchange-types.js';
import { removeExchange } from '../cascade.js';
import { Draft } from '../draft.js';
import { named } from '../named.js';
import type { Operation } from '../operation.js';
import { type ExchangeRow, keys } from '../rows.js';
import { checkExchangeArguments } from '../validation/exchange-arguments.js';
import { checkEquivalentArguments } from '../validation/queue-arguments.js';
import { requireVhost } from './require.js';

interface DeleteExchange {
  vhost: string;
  name: string;
  ifUnused: boolean;
}

const declare: Operation<ExchangeRow, { created: boolean }> = (tables, args) => {
  requireVhost(tables, args.vhost);
  if (exchangeType(args.type) === undefined) {
    throw new AmqpError('COMMAND_INVALID', `unknown exchange type '${args.type}'`);
  }
  const key = keys.exchange(args.vhost, args.name);
  const current = tables.get('exchanges', key);
  if (current !== undefined) {
    checkEquivalent(current, args);
    return { changes: [], result: { created: false } };
  }
  checkExchangeArguments(args, args.arguments);
  return {
    changes: [{ table: 'exchanges', key, row: rowOf(args) }],
    result: { created: true },
  };
};

/** Deleting what is not there succeeds. */
const remove: Operation<DeleteExchange, { deleted: boolean }> = (tables, { vhost, name, ifUnused }) => {
  const row = tables.get('exchanges', keys.exchange(vhost, name));
  if (row === undefined) return { changes: [], result: { deleted: false } };
  const draft = new Draft(tables);
  if (ifUnused && draft.hasBindingsFrom(vhost, name)) {
    throw new AmqpError('PRECONDITION_FAILED', `${named('exchange', name, vhost)} in use`);
  }
  removeExchange(draft, vhost, name);
  return { changes: draft.changes, result: { deleted: true } };
};

export const exchangeOperations = { 'exchange.declare': declare, 'exchange.delete': remove };

function rowOf({ user, ...args }: ExchangeRow): ExchangeRow {
  const { vhost, name, type, durable, autoDelete, internal, arguments: table } = args;
  const row: ExchangeRow = { vhost, name, type, durable, autoDelete, internal, arguments: table };
  return user === undefined ? row : { ...row, user };
}

function checkEquivalent(current: ExchangeRow, args: ExchangeRow): void {
  const where = named('exchange', args.name, args.vhost);
  const fields = [
    ['type', current.type, args.type],
    ['durable', current.durable, args.durable],
    ['auto_delete', current.autoDelete, args.autoDelete],
    ['internal', current.internal, args.internal],
  ] as const;
  for (const [name, now, wanted] of fields) {
    if (now === wanted) continue;
    const text = `inequivalent arg '${name}' for ${where}: received '${wanted}' but current is '${now}'`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  checkEquivalentArguments(where, ['alternate-exchange'], current.arguments, args.arguments);
}
