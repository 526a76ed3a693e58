/**
 * A client of the management API that nobody here wrote (npm's http-rabbitmq-manager): everything it can do, done
 * with both engines, ends the same way and shows the same objects.
 */
import type { Socket } from 'node:net';
import { type ChannelModel, connect } from 'amqplib';
import { client } from 'http-rabbitmq-manager';
import { expect, inject, it } from 'vitest';
import { emptyDefaultVhost } from '../engines/empty.js';
import { EngineNode } from '../engines/node.js';
import { until } from '../engines/until.js';

type Row = Record<string, unknown>;
type Done = (error: { message: string } | null, value?: unknown) => void;
type Ask = (method: string, given?: Row) => Promise<unknown>;

const twins = inject('twins');
const vhost = '/';
/** Its methods that take nothing but the callback. */
const alone = new Set([
  'overview',
  'getClusterName',
  'listNodes',
  'listExtensions',
  'listDefinitions',
  'listConnections',
]);

it.skipIf(!twins)('http-rabbitmq-manager does all it can', async () => {
  const [ours, theirs] = await Promise.all(
    [twins!.bundled, twins!.rabbitmq].map((node) => doAll(new EngineNode(node))),
  );
  expect(ours).toEqual(theirs);
  expect(ours!.filter((line) => line.endsWith('Status 500'))).toEqual([]);
});

async function doAll(node: EngineNode): Promise<string[]> {
  const manager = client({ host: '127.0.0.1', port: node.specification.ports.management });
  const told: string[] = [];
  const ask: Ask = (method, given) =>
    new Promise((resolve, reject) => {
      const done: Done = (error, value) => (error ? reject(new Error(error.message)) : resolve(value));
      if (alone.has(method)) manager[method]!(done);
      else manager[method]!(given, done);
    });
  const tell = async (method: string, given?: Row) => {
    const outcome = await ask(method, given).then(shown, (error: Error) => error.message);
    told.push(`${method} ${JSON.stringify(given) ?? ''}: ${outcome}`);
  };
  try {
    await objects(tell);
    await clients(node, ask, tell);
  } finally {
    await emptyDefaultVhost(node);
  }
  return told;
}

type Tell = (method: string, given?: Row) => Promise<void>;

async function objects(tell: Tell): Promise<void> {
  for (const method of ['overview', 'getClusterName', 'listNodes', 'listExtensions', 'listDefinitions'])
    await tell(method);
  await tell('createVhost', { vhost: 'managed' });
  await tell('listVhosts');
  await tell('listVhosts', { vhost: 'managed' });
  await tell('getVhostPermissions', { vhost });
  await tell('deleteVhost', { vhost: 'managed' });
  await tell('deleteVhost', { vhost: 'managed' });
  await tell('createExchange', { vhost, exchange: 'managed', type: 'topic', durable: true });
  await tell('createExchange', { vhost, exchange: 'managed', type: 'fanout' });
  await tell('createExchange', { vhost, exchange: 'strange', type: 'no-such-type' });
  await tell('getExchange', { vhost, exchange: 'managed' });
  await tell('listExchanges', { vhost });
  await tell('createQueue', { vhost, queue: 'managed', durable: true, arguments: { 'x-max-length': 9 } });
  await tell('createQueue', { vhost, queue: 'managed', durable: true });
  await tell('listQueues', { vhost });
  await tell('getQueue', { vhost, queue: 'managed' });
  await tell('getQueue', { vhost, queue: 'absent' });
  await tell('getQueueBindings', { vhost, queue: 'managed' });
  await tell('getBindingsForSource', { vhost, exchange: 'managed' });
  await tell('getBindingsForDestination', { vhost, exchange: 'managed' });
  await tell('listBindings', { vhost });
  await tell('setQueueActions', { vhost, queue: 'managed', action: 'sync' });
  await tell('setQueueActions', { vhost, queue: 'managed', action: 'no-such-action' });
}

async function clients(node: EngineNode, ask: Ask, tell: Tell): Promise<void> {
  const connection = await connect(node.url);
  connection.on('error', () => {});
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue('managed', Buffer.from('hello'));
  await channel.waitForConfirms();
  await tell('getMessages', { vhost, queue: 'managed', count: 1, requeue: 'false', encoding: 'auto' });
  await channel.consume('managed', () => {}, { noAck: true });
  await until('this client alone is listed', () => isAlone(ask, localPort(connection)));
  for (const method of ['listConnections', 'listChannels', 'listConsumers']) await tell(method);
  const name = (row: Row | undefined) => String(row?.name);
  const [mine] = (await ask('listConnections')) as Row[];
  expect(name((await ask('getConnection', { connection: name(mine) })) as Row)).toBe(name(mine));
  const [itsOwn] = (await ask('listChannels', { connection: name(mine) })) as Row[];
  expect(name((await ask('getChannel', { channel: name(itsOwn) })) as Row)).toBe(name(itsOwn));
  const closed = new Promise((resolve) => connection.once('close', resolve));
  await ask('closeConnection', { connection: name(mine) });
  await closed;
  await tell('purgeQueue', { vhost, queue: 'managed' });
  await tell('deleteQueue', { vhost, queue: 'managed' });
  await tell('deleteQueue', { vhost, queue: 'managed' });
  await tell('deleteExchange', { vhost, exchange: 'managed' });
}

/** RabbitMQ shows a client of an earlier test for some seconds after it left: its rows would be taken for this one's. */
async function isAlone(ask: Ask, port: number): Promise<boolean> {
  const [connections, channels, consumers] = (await Promise.all(
    ['listConnections', 'listChannels', 'listConsumers'].map((method) => ask(method, { vhost })),
  )) as Row[][];
  const isMine = ({ name }: Row) => String(name).includes(`:${port} ->`);
  return (
    consumers!.length === 1 &&
    [connections!, channels!].every((rows) => rows.length === 1 && rows.every(isMine))
  );
}

const localPort = (connection: ChannelModel) =>
  (connection.connection as unknown as { stream: Socket }).stream.localPort!;

/** The objects that an answer is of, by name; what each of them shows is the matter of the twin of all routes. */
function shown(value: unknown): string {
  return [value as Row].flat().map(nameOf).sort().join(' ');
}

/** Nodes and clients are called otherwise on each engine. */
const nameOf = ({ name }: Row) => (typeof name === 'string' && !/[@>]/.test(name) ? `"${name}"` : 'one');
