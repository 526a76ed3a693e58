import { createBroker, type NodeBroker } from '../../../src/broker/core/broker.js';
import type { ConnectionEntry, Requester, VirtualHost } from '../../../src/broker/core/broker-port.js';
import type { Message } from '../../../src/broker/core/message.js';
import { LocalMetadata } from '../../../src/broker/core/metadata/local-metadata.js';
import { hashPassword } from '../../../src/broker/core/password.js';
import { tableOf } from '../../../src/broker/core/plain-table.js';
import type { Logger, QueueFactory } from '../../../src/broker/core/ports.js';
import type { Confirms } from '../../../src/broker/core/queue-port.js';
import { encodeProperties, type Properties } from '../../../src/broker/protocol/properties.js';
import { MemoryStore } from './memory-store.js';
import { VirtualClock } from './virtual-clock.js';

export const NODE = 'warren@test';

export interface TestBroker {
  broker: NodeBroker;
  vhost: VirtualHost;
  store: MemoryStore;
  clock: VirtualClock;
  by: Requester;
  log: string[];
  /** Declares a queue with plain arguments. */
  queue(name: string, given?: QueueGiven): Promise<void>;
  exchange(name: string, type: string, given?: ExchangeGiven): Promise<void>;
  bind(source: string, queue: string, key?: string, args?: Record<string, unknown>): Promise<void>;
  /** Answers with the names of the queues that got it. */
  publish(exchange: string, key: string, given?: MessageGiven): string[];
}

interface QueueGiven {
  durable?: boolean;
  exclusive?: boolean;
  autoDelete?: boolean;
  arguments?: Record<string, unknown>;
}

interface ExchangeGiven {
  durable?: boolean;
  internal?: boolean;
  autoDelete?: boolean;
  arguments?: Record<string, unknown>;
}

export interface MessageGiven {
  body?: string;
  properties?: Properties;
  headers?: Record<string, unknown>;
  confirms?: Confirms;
  sequence?: number;
}

/** For a node that is alone: no other leads a queue. */
const alone: QueueFactory = {
  remote: () => {
    throw new Error('no queue is remote here');
  },
  replicator: () => {
    throw new Error('no queue has mirrors here');
  },
  takeOver: () => null,
};

export async function startBroker(store = new MemoryStore()): Promise<TestBroker> {
  const clock = new VirtualClock();
  const log: string[] = [];
  let ids = 0;
  const metadata = new LocalMetadata(null, () => ({ newId: () => `id-${++ids}`, now: clock.now() }));
  await metadata.submit('bootstrap', {
    node: NODE,
    vhost: '/',
    user: {
      name: 'guest',
      passwordHash: hashPassword('guest'),
      hashingAlgorithm: 'rabbit_password_hashing_sha256',
      tags: ['administrator'],
      permissions: ['.*', '.*', '.*'],
    },
  });
  const write = (line: string) => void log.push(line);
  const logger: Logger = { debug: write, info: write, warning: write, error: write };
  const broker = createBroker({
    self: NODE,
    metadata,
    store,
    queues: alone,
    clock,
    logger,
    loopbackUsers: ['guest'],
  });
  await broker.start();
  const principal = { user: 'guest', tags: ['administrator'] };
  const by = { principal, connection: 'connection-1' };
  const vhost = broker.openVhost('/', principal);
  return { broker, vhost, store, clock, by, log, ...shortcuts(vhost, by) };
}

function shortcuts(vhost: VirtualHost, by: Requester) {
  return {
    async queue(name: string, given: QueueGiven = {}) {
      const { durable = false, exclusive = false, autoDelete = false } = given;
      const args = tableOf(given.arguments ?? {});
      await vhost.declareQueue({ name, passive: false, durable, exclusive, autoDelete, arguments: args }, by);
    },
    async exchange(name: string, type: string, given: ExchangeGiven = {}) {
      const { durable = false, internal = false, autoDelete = false } = given;
      const args = tableOf(given.arguments ?? {});
      await vhost.declareExchange(
        { name, type, passive: false, durable, internal, autoDelete, arguments: args },
        by,
      );
    },
    async bind(source: string, queue: string, key = '', args: Record<string, unknown> = {}) {
      const kind = { destination: queue, destinationKind: 'queue' as const };
      await vhost.bind({ source, ...kind, routingKey: key, arguments: tableOf(args) }, by);
    },
    publish(exchange: string, key: string, given: MessageGiven = {}) {
      const message = messageOf(exchange, key, given);
      const queues = vhost.publishable(exchange, by).route(message);
      const names = queues.map((queue) => queue.row.name);
      for (const queue of [...queues]) queue.publish(message, given.confirms ?? null, given.sequence ?? 0);
      return names;
    },
  };
}

export function messageOf(exchange: string, routingKey: string, given: MessageGiven = {}): Message {
  const properties = { ...given.properties };
  if (given.headers !== undefined) properties.headers = tableOf(given.headers);
  return {
    exchange,
    routingKey,
    properties: encodeProperties(properties),
    body: Buffer.from(given.body ?? ''),
    persistent: properties.deliveryMode === 2,
    priority: properties.priority ?? 0,
    expiration: properties.expiration === undefined ? -1 : Number(properties.expiration),
  };
}

export function connectionEntry(
  id: string,
  vhost = '/',
): ConnectionEntry & { blocked: (string | null)[]; closed: string[] } {
  const blocked: (string | null)[] = [];
  const closed: string[] = [];
  return {
    id,
    name: `${id} -> broker`,
    vhost,
    principal: { user: 'guest', tags: [] },
    info: () => ({}),
    traffic: { receivedOctets: 0 },
    output: { octets: 0 },
    channels: () => [],
    close: (reason) => void closed.push(reason),
    block: (reason) => void blocked.push(reason),
    blocked,
    closed,
  };
}
