/** What the node's log says of a connection, in RabbitMQ's sentences. */
import { logged } from '../core/logged.js';
import type { AmqpError } from '../protocol/amqp-error.js';
import type { Connection } from './connection.js';

export function logAccepted({ id, name, context }: Connection): void {
  context.logger.info(`accepting AMQP connection ${id} (${name})`);
}

export function logOpened({ id, name, principal, vhost, context }: Connection): void {
  const granted = `user '${logged(principal.user)}' authenticated and granted access to vhost '${logged(vhost)}'`;
  context.logger.info(`connection ${id} (${name}): ${granted}`);
}

/** The connection is given up: bad header, deadline, missed heartbeats. */
export function logGivenUp({ id, name, context }: Connection, why: string): void {
  context.logger.error(`closing AMQP connection ${id} (${name}):\n${why}`);
}

/** A refusal that became a close method. */
export function logRefusal(connection: Connection, refusal: AmqpError, channel: number, text: string): void {
  const kind = refusal.scope === 'channel' && channel !== 0 ? 'Channel error on' : 'Error on AMQP';
  const { id, context } = connection;
  context.logger.error(`${kind} connection ${id} ${about(connection)}, channel ${channel}:\n${logged(text)}`);
}

/** The socket is closed; `orderly` when the client had said so. */
export function logLeft(connection: Connection, orderly: boolean): void {
  const { id, vhost, context } = connection;
  const line = `closing AMQP connection ${id} ${about(connection)}`;
  if (!orderly) context.logger.warning(`${line}:\nclient unexpectedly closed TCP connection`);
  else if (vhost !== '') context.logger.info(line);
}

/** A fault of ours. */
export function logFault({ name, context }: Connection, error: unknown): void {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.logger.error(`${name}: ${what}`);
}

function about({ name, vhost, principal }: Connection): string {
  return logged(`(${name}, vhost: '${vhost}', user: '${principal.user}')`);
}
