/**
 * Which node leads a new queue: RabbitMQ's queue-master-locator, from the argument before the policy. The node
 * of the client unless it says otherwise; exclusive queues always stay with their client.
 */
import { AmqpError } from '../../protocol/amqp-error.js';
import { field } from '../../protocol/field-table.js';
import { effectivePolicy } from './effective-policy.js';
import { runningNodes } from './placement.js';
import type { QueueRow } from './rows.js';
import type { Tables } from './tables.js';
import { stringOf } from './validation/field-types.js';

export function locateLeader(tables: Tables, row: QueueRow): string {
  const argument = field(row.arguments, 'x-queue-master-locator');
  const policy = effectivePolicy(tables, 'queues', row.vhost, row.name).definition['queue-master-locator'];
  const locator = argument === undefined ? (policy ?? 'client-local') : stringOf(argument);
  const running = runningNodes(tables);
  switch (locator) {
    case 'client-local':
      return row.leader;
    case 'min-masters':
      return row.exclusiveOwner === null ? fewestLed(tables, running, row.leader) : row.leader;
    case 'random':
      return row.exclusiveOwner === null ? anyOf(running, row) : row.leader;
    default:
      // RabbitMQ's channel does not survive a locator that it does not know.
      throw new AmqpError('INTERNAL_ERROR', '');
  }
}

function fewestLed(tables: Tables, running: readonly string[], otherwise: string): string {
  const led = new Map(running.map((node) => [node, 0]));
  for (const { leader } of tables.all('queues')) {
    const count = led.get(leader);
    if (count !== undefined) led.set(leader, count + 1);
  }
  let best = otherwise;
  for (const [node, count] of led) if (count < (led.get(best) ?? Number.POSITIVE_INFINITY)) best = node;
  return best;
}

/** By the queue's id, which is as random as it needs to be, so that the operation stays a pure function. */
function anyOf(running: readonly string[], row: QueueRow): string {
  let sum = 0;
  for (const character of row.id) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return running[sum % running.length] ?? row.leader;
}
