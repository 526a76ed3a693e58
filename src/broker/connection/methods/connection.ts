/**
 * Class connection (AMQP 0-9-1, 1.4): the handshake and the end. These run on channel 0, each in its own state of
 * the connection.
 */

import { logged } from '../../core/logged.js';
import type { Usage } from '../../core/usage.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import { field } from '../../protocol/field-table.js';
import { smallestFrameMax } from '../../protocol/frame.js';
import { decodeArguments } from '../../protocol/method-codec.js';
import { type Arguments, idOf, type MethodName, methodName } from '../../protocol/methods.js';
import type { Connection } from '../connection.js';
import { logOpened } from '../connection-log.js';
import type { ProtocolVersion } from '../protocol-header.js';
import { mechanismsOf, readCredentials } from '../sasl.js';

const openId = idOf(10, 40);

/** In answer to the protocol header. */
export function start(connection: Connection, { major, minor }: ProtocolVersion): void {
  connection.state = 'starting';
  connection.send('connection.start', {
    versionMajor: major,
    versionMinor: minor,
    serverProperties: connection.context.serverProperties(),
    mechanisms: Buffer.from(mechanismsOf(connection).join(' ')),
    locales: Buffer.from('en_US'),
  });
}

/** A method frame on channel 0. */
export function connectionMethod(connection: Connection, bytes: Buffer, start: number, end: number): void {
  const id = bytes.readUInt32BE(start);
  const name = methodName(id);
  try {
    if (name === undefined) {
      if (connection.stopping) return;
      throw new AmqpError('COMMAND_INVALID', `unknown method ${id & 0xffff} of class ${id >>> 16}`);
    }
    const args = decodeArguments(name, bytes, start + 4, end);
    if (handle(connection, name, args) || connection.stopping) return;
    const text = `unexpected method in connection state ${connection.shownState}`;
    throw new AmqpError('CHANNEL_ERROR', text);
  } catch (error) {
    connection.failed(error, null, id);
  }
}

/** False when the method does not belong in this state. */
function handle(connection: Connection, name: MethodName, args: unknown): boolean {
  const { state } = connection;
  switch (name) {
    case 'connection.start-ok':
      if (state !== 'starting') return false;
      startOk(connection, args as Arguments<'connection.start-ok'>);
      return true;
    case 'connection.tune-ok':
      if (state !== 'tuning') return false;
      tuneOk(connection, args as Arguments<'connection.tune-ok'>);
      return true;
    case 'connection.open':
      if (state !== 'opening') return false;
      open(connection, args as Arguments<'connection.open'>);
      return true;
    case 'connection.close':
      if (state === 'running') connection.closeOk();
      else if (connection.stopping) connection.send('connection.close-ok');
      else return false;
      return true;
    case 'connection.close-ok':
      if (state === 'closed') connection.end();
      return connection.stopping;
    case 'connection.update-secret':
      if (state !== 'running') return false;
      connection.send('connection.update-secret-ok');
      return true;
    default:
      return false;
  }
}

function startOk(connection: Connection, args: Arguments<'connection.start-ok'>): void {
  connection.clientProperties = args.clientProperties;
  const capabilities = field(args.clientProperties, 'capabilities');
  if (capabilities?.type === 'F') {
    for (const { key, type, value } of capabilities.value) {
      if (type === 't' && value) connection.capabilities.add(key);
    }
  }
  const { mechanism, response } = args;
  if (!mechanismsOf(connection).includes(mechanism)) {
    throw new AmqpError('COMMAND_INVALID', `unknown authentication mechanism '${mechanism}'`);
  }
  connection.mechanism = mechanism;
  connection.state = 'securing';
  if (!login(connection, response)) {
    refuseLogin(connection);
    return;
  }
  connection.state = 'tuning';
  const { channelMax, frameMax, heartbeat } = connection.context.config;
  connection.send('connection.tune', { channelMax, frameMax, heartbeat });
}

function login(connection: Connection, response: Buffer): boolean {
  const { context, origin, mechanism } = connection;
  const credentials = readCredentials(mechanism, response, origin.tls, context.config.certificateLogin);
  try {
    if (typeof credentials === 'string') {
      throw new AmqpError('ACCESS_REFUSED', `${mechanism} login refused: ${credentials}`, 'connection');
    }
    connection.principal = context.broker.authenticate({
      mechanism,
      ...credentials,
      peer: origin.peer,
      protocol: 'amqp091',
    });
    return true;
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error;
    const who = `${connection.id} (${connection.name}, state: starting)`;
    context.logger.error(`Error on AMQP connection ${who}:\n${logged(error.message)}`);
    return false;
  }
}

/** https://www.rabbitmq.com/auth-notification.html: only clients that asked for it are told. */
function refuseLogin(connection: Connection): void {
  if (connection.capabilities.has('authentication_failure_close')) {
    const text = `Login was refused using authentication mechanism ${connection.mechanism}. For details see the broker logfile.`;
    connection.send('connection.close', { replyCode: 403, replyText: `ACCESS_REFUSED - ${text}` });
  }
  connection.distrust();
}

function tuneOk(connection: Connection, args: Arguments<'connection.tune-ok'>): void {
  const { config } = connection.context;
  negotiated('frame_max', smallestFrameMax, config.frameMax, args.frameMax);
  negotiated('channel_max', 1, config.channelMax, args.channelMax);
  connection.tuned(args.channelMax, args.frameMax, args.heartbeat);
  connection.state = 'opening';
}

/** 0 means no limit: a client may not ask for more than it was offered (1.4.2.6). */
function negotiated(field: string, least: number, offered: number, value: number): void {
  const refuse = (order: string, bound: string, limit: number) => {
    const text = `negotiated ${field} = ${value} is ${order} than the ${bound} allowed value (${limit})`;
    throw new AmqpError('NOT_ALLOWED', text);
  };
  if (value !== 0 && value < least) refuse('lower', 'minimum', least);
  if (offered !== 0 && (value === 0 || value > offered)) refuse('higher', 'maximum', offered);
}

function open(connection: Connection, { virtualHost }: Arguments<'connection.open'>): void {
  const { broker, config } = connection.context;
  if (config.connectionMax !== null && broker.connections.size >= config.connectionMax) {
    const text = `connection refused: node connection limit (${config.connectionMax}) is reached`;
    throw new AmqpError('NOT_ALLOWED', text);
  }
  const asked = broker.usageElsewhere(virtualHost, connection.principal);
  if (asked === null) enter(connection, virtualHost);
  else
    whileNotReading(
      connection,
      asked.then((elsewhere) => enter(connection, virtualHost, elsewhere)),
    );
}

function enter(connection: Connection, virtualHost: string, elsewhere?: Usage): void {
  if (connection.state !== 'opening') return;
  const vhost = connection.context.broker.openVhost(virtualHost, connection.principal, elsewhere);
  connection.opened(vhost);
  connection.send('connection.open-ok');
  logOpened(connection);
}

/** Frames that come meanwhile are for the open connection. */
function whileNotReading(connection: Connection, work: Promise<void>): void {
  connection.reading.pause();
  work
    .catch((error: unknown) => connection.failed(error, null, openId))
    .then(() => connection.reading.resume())
    .catch(connection.ignored);
}
