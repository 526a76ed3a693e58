import { AmqpError } from '../../../protocol/amqp-error.js';
import type { FieldTable } from '../../../protocol/field-table.js';
import { propertiesKeyOf } from '../binding-properties-key.js';
import { removeBinding } from '../cascade.js';
import { Draft } from '../draft.js';
import { named } from '../named.js';
import type { Operation } from '../operation.js';
import { type BindingRow, keys } from '../rows.js';
import type { Tables } from '../tables.js';
import { checkBinding } from '../validation/exchange-arguments.js';

interface BindingArguments {
  vhost: string;
  source: string;
  destination: string;
  destinationKind: 'queue' | 'exchange';
  routingKey: string;
  arguments: FieldTable;
}

const add: Operation<BindingArguments, { propertiesKey: string }> = (tables, args) => {
  const source = tables.get('exchanges', keys.exchange(args.vhost, args.source));
  if (source === undefined) throw notFound('exchange', args.source, args.vhost);
  requireDestination(tables, args);
  checkBinding(source, args.routingKey, args.arguments);
  const row = rowOf(args);
  const key = keys.binding(row);
  const result = { propertiesKey: row.propertiesKey };
  if (tables.get('bindings', key) !== undefined) return { changes: [], result };
  return { changes: [{ table: 'bindings', key, row }], result };
};

/** Removing what is not there succeeds. */
const remove: Operation<BindingArguments, { removed: boolean }> = (tables, args) => {
  const row = bindingOf(tables, args);
  if (row === undefined) return { changes: [], result: { removed: false } };
  const draft = new Draft(tables);
  removeBinding(draft, row);
  return { changes: draft.changes, result: { removed: true } };
};

export const bindingOperations = { 'binding.add': add, 'binding.remove': remove };

export function bindingOf(tables: Tables, args: BindingArguments): BindingRow | undefined {
  return tables.get('bindings', keys.binding(rowOf(args)));
}

function rowOf(args: BindingArguments): BindingRow {
  const { vhost, source, destination, destinationKind, routingKey, arguments: table } = args;
  const propertiesKey = propertiesKeyOf(routingKey, table);
  return { vhost, source, destination, destinationKind, routingKey, arguments: table, propertiesKey };
}

function requireDestination(tables: Tables, { destinationKind, destination, vhost }: BindingArguments): void {
  const table = destinationKind === 'queue' ? 'queues' : 'exchanges';
  if (tables.get(table, keys.queue(vhost, destination)) === undefined) {
    throw notFound(destinationKind, destination, vhost);
  }
}

function notFound(kind: 'queue' | 'exchange', name: string, vhost: string): AmqpError {
  return new AmqpError('NOT_FOUND', `no ${named(kind, name, vhost)}`);
}
