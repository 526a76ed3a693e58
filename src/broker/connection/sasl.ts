/**
 * SASL mechanisms of connection.start-ok (AMQP 0-9-1, 1.4.2.1 and 1.4.2.2): PLAIN (RFC 4616), RabbitMQ's AMQPLAIN,
 * and EXTERNAL, where the certificate of the TLS connection says who it is.
 */
import type { CertificateLogin } from '../config/node-config.js';
import { AmqpError } from '../protocol/amqp-error.js';
import { type FieldTable, field } from '../protocol/field-table.js';
import { decodeFieldTable } from '../protocol/field-table-codec.js';
import { userOf } from './certificate.js';
import type { Connection } from './connection.js';
import type { Origin } from './origin.js';

/** In the order in which RabbitMQ offers them. */
const mechanisms = ['AMQPLAIN', 'EXTERNAL', 'PLAIN'];

export function mechanismsOf({ origin, context }: Connection): string[] {
  const external = origin.tls !== null && context.broker.plugins.has('rabbitmq_auth_mechanism_ssl');
  const { authMechanisms } = context.config;
  return mechanisms.filter((name) => authMechanisms.includes(name) && (name !== 'EXTERNAL' || external));
}

/** A string instead: why there are none. */
export function readCredentials(
  mechanism: string,
  response: Buffer,
  tls: Origin['tls'],
  login: CertificateLogin,
): { user: string; password: string | null } | string {
  if (mechanism === 'PLAIN') return plain(response);
  if (mechanism === 'AMQPLAIN') return amqplain(response);
  if (!tls?.certificate) return 'connection peer presented no TLS (x.509) certificate';
  const user = userOf(tls.certificate, login);
  return user === null ? 'no name found in the certificate' : { user, password: null };
}

/** NUL user NUL password: RabbitMQ takes no identity to act for before the first. */
function plain(response: Buffer): { user: string; password: string } {
  const second = response[0] === 0 ? response.indexOf(0, 1) : -1;
  if (second < 0 || response.indexOf(0, second + 1) >= 0) {
    throw new AmqpError('SYNTAX_ERROR', `response ${JSON.stringify(response.toString('latin1'))} invalid`);
  }
  return {
    user: response.toString('utf8', 1, second),
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
