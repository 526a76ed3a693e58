/** SASL mechanisms of connection.start-ok (AMQP 0-9-1, 1.4.2.1 and 1.4.2.2): PLAIN (RFC 4616) and RabbitMQ's AMQPLAIN. */
import { AmqpError } from '../protocol/amqp-error.js';
import { type FieldTable, field } from '../protocol/field-table.js';
import { decodeFieldTable } from '../protocol/field-table-codec.js';

/** In the order in which RabbitMQ offers them. */
export const mechanisms = ['AMQPLAIN', 'PLAIN'] as const;
export type Mechanism = (typeof mechanisms)[number];

export function isMechanism(name: string): name is Mechanism {
  return (mechanisms as readonly string[]).includes(name);
}

export function readCredentials(mechanism: Mechanism, response: Buffer): { user: string; password: string } {
  return mechanism === 'PLAIN' ? plain(response) : amqplain(response);
}

/** authorization identity NUL user NUL password; the first is ignored. */
function plain(response: Buffer): { user: string; password: string } {
  const first = response.indexOf(0);
  const second = first < 0 ? -1 : response.indexOf(0, first + 1);
  if (second < 0 || response.indexOf(0, second + 1) >= 0) {
    throw new AmqpError('SYNTAX_ERROR', `response ${JSON.stringify(response.toString('latin1'))} invalid`);
  }
  return {
    user: response.toString('utf8', first + 1, second),
    password: response.toString('utf8', second + 1),
  };
}

/** A field table, without its size, of LOGIN and PASSWORD. */
function amqplain(response: Buffer): { user: string; password: string } {
  const table = decodeFieldTable(response);
  const user = longString(table, 'LOGIN');
  const password = longString(table, 'PASSWORD');
  if (user !== undefined && password !== undefined) return { user, password };
  throw new AmqpError('SYNTAX_ERROR', 'AMQPLAIN auth info has no LOGIN or PASSWORD field');
}

function longString(table: FieldTable, key: string): string | undefined {
  const found = field(table, key);
  return found?.type === 'S' ? found.value.toString() : undefined;
}
