import type { QueueRow } from '../core/metadata/rows.js';
import { AmqpError } from '../protocol/amqp-error.js';
import { type FieldTable, field } from '../protocol/field-table.js';

const integers = new Set(['b', 'B', 's', 'u', 'I', 'i', 'l', 'L']);

/** x-priority, 0 when absent; the arguments of basic.consume that RabbitMQ knows are checked as it does. */
export function consumerPriority(table: FieldTable, row: QueueRow): number {
  const cancel = field(table, 'x-cancel-on-ha-failover');
  if (cancel !== undefined && cancel.type !== 't') throw invalid('x-cancel-on-ha-failover', cancel.type, row);
  const priority = field(table, 'x-priority');
  if (priority === undefined) return 0;
  if (!integers.has(priority.type)) throw invalid('x-priority', priority.type, row);
  return Number(priority.value);
}

/** RabbitMQ's own names of the types. */
const typeNames: Record<string, string> = {
  t: 'bool',
  b: 'byte',
  B: 'unsignedbyte',
  s: 'short',
  u: 'unsignedshort',
  I: 'signedint',
  i: 'unsignedint',
  l: 'long',
  L: 'long',
  f: 'float',
  d: 'double',
  D: 'decimal',
  S: 'longstr',
  A: 'array',
  T: 'timestamp',
  F: 'table',
  V: 'void',
  x: 'binary',
};

function invalid(argument: string, type: string, { name, vhost }: QueueRow): AmqpError {
  const text = `invalid arg '${argument}' for queue '${name}' in vhost '${vhost}': {unacceptable_type,${typeNames[type]}}`;
  return new AmqpError('PRECONDITION_FAILED', text);
}
