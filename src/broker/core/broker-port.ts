/**
 * What a connection sees of the broker. `core/broker.ts` implements it; all refusals are AmqpErrors with
 * RabbitMQ's codes and texts.
 */
import type { FieldTable } from '../protocol/field-table.js';
import type { ChannelCounters, ChurnCounters, LoginProtocol, VhostCounters } from './counters.js';
import type { Flow } from './flow.js';
import type { Message } from './message.js';
import type { ChannelIdentity, Queue } from './queue-port.js';
import type { Usage } from './usage.js';

export interface Principal {
  readonly user: string;
  readonly tags: readonly string[];
}

export interface Credentials {
  mechanism: string;
  user: string;
  /** null where the mechanism proves the user otherwise (EXTERNAL). */
  password: string | null;
  /** Address of the far side, for guest's loopback rule. */
  peer: string;
  /** What the login is counted as; null = as nothing. */
  protocol: LoginProtocol | null;
}

/** A live AMQP connection, as listings and `close_connection` see it. Registered from connection.open on. */
export interface ConnectionEntry {
  /** Unique in the cluster; owner of exclusive queues. */
  readonly id: string;
  /** "127.0.0.1:40123 -> 127.0.0.1:5672" */
  readonly name: string;
  readonly vhost: string;
  readonly principal: Principal;
  /** RabbitMQ's own keys, JSON-able: what list_connections and /api/connections show. */
  info(): Record<string, unknown>;
  readonly traffic: { readonly receivedOctets: number };
  readonly output: { readonly octets: number };
  channels(): Iterable<ChannelEntry>;
  /** connection.close 320 with the reason. */
  close(reason: string): void;
  /** Memory or disk alarm: stop reading publishes, tell the client once per edge (connection.blocked). */
  block(reason: string | null): void;
}

export interface ChannelEntry {
  readonly pid: string;
  readonly number: number;
  readonly counters: ChannelCounters;
  info(): Record<string, unknown>;
  /** Those of `info` that metrics add up. */
  figures(): ChannelFigures;
}

export interface ChannelFigures {
  consumer_count: number;
  messages_unacknowledged: number;
  messages_unconfirmed: number;
  messages_uncommitted: number;
  acks_uncommitted: number;
  prefetch_count: number;
  global_prefetch_count: number;
}

export interface Broker {
  readonly node: string;
  /** Names of the plugins that run: what they bring is there as long as they do. */
  readonly plugins: Set<string>;
  /** Throws ACCESS_REFUSED. */
  authenticate(credentials: Credentials): Principal;
  /** What clients of other nodes use up of the limits that hold there; null when that is nothing, or nothing is limited. */
  usageElsewhere(vhost: string, principal: Principal): Promise<Usage> | null;
  /** connection.open: throws NOT_ALLOWED (no vhost, no access, limits) as RabbitMQ words it. */
  openVhost(name: string, principal: Principal, elsewhere?: Usage): VirtualHost;
  /** channel.open: NOT_ALLOWED when the user has one too many, this one included; a promise when other nodes are asked. */
  admitChannel(principal: Principal): Promise<void> | null;
  register(connection: ConnectionEntry): void;
  /** Deletes its exclusive queues; resolves when they are gone. */
  unregister(connection: ConnectionEntry): Promise<void>;
  /** Publishers wait while it is stopped. */
  readonly flow: Flow;
  /** Connections, channels and queues that came and went; connections count the channels. */
  readonly churn: ChurnCounters;
  /** The connections of this node. */
  readonly connections: ReadonlyMap<string, ConnectionEntry>;
}

export interface ExchangeDeclaration {
  name: string;
  type: string;
  passive: boolean;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: FieldTable;
}

export interface QueueDeclaration {
  /** '' = the broker names it. */
  name: string;
  passive: boolean;
  durable: boolean;
  exclusive: boolean;
  autoDelete: boolean;
  arguments: FieldTable;
}

export interface BindingDeclaration {
  source: string;
  destination: string;
  destinationKind: 'queue' | 'exchange';
  routingKey: string;
  arguments: FieldTable;
}

/** Who asks: permissions are checked against the principal, exclusive queues against the connection. */
export interface Requester {
  readonly principal: Principal;
  readonly connection: string;
}

export interface VirtualHost {
  readonly name: string;
  declareExchange(declaration: ExchangeDeclaration, by: Requester): Promise<void>;
  deleteExchange(name: string, ifUnused: boolean, by: Requester): Promise<void>;
  declareQueue(
    declaration: QueueDeclaration,
    by: Requester,
  ): Promise<{ name: string; messages: number; consumers: number }>;
  deleteQueue(name: string, ifUnused: boolean, ifEmpty: boolean, by: Requester): Promise<number>;
  purgeQueue(name: string, by: Requester): Promise<number>;
  bind(binding: BindingDeclaration, by: Requester): Promise<void>;
  unbind(binding: BindingDeclaration, by: Requester): Promise<void>;
  /** For basic.consume and basic.get: throws 404, 405 (exclusive to another connection), 403 (read). */
  readableQueue(name: string, by: Requester): Queue;
  /**
   * For basic.publish: throws 404 no exchange, 403 (write, internal, topic write when `routingKey` matters). The answer may be kept and used again for
   * the same exchange as long as `generation` is unchanged.
   */
  publishable(exchange: string, by: Requester): ExchangeRoute;
  /** Grows whenever anything that `publishable` decided on may have changed. */
  readonly generation: number;
  /** Totals of the virtual host on this node: publishes are counted where they are routed, the rest by channels. */
  readonly counters: VhostCounters;
  /** Non-null while trace_on is in force here. */
  readonly tracer: Tracer | null;
}

export interface ExchangeRoute {
  readonly name: string;
  /** Topic permissions on this exchange: check `routingKey` before routing; throws 403. Null when none apply. */
  readonly checkTopic: ((routingKey: string) => void) | null;
  /** Queues that get the message: alternate exchanges, exchange-to-exchange, CC and BCC followed; each once. Do not keep the array. */
  route(message: Message): readonly Queue[];
}

export interface Tracer {
  /** `sent`: the properties as they came, with the header BCC that routing takes off. */
  published(message: Message, sent: Buffer, queues: readonly Queue[], channel: ChannelIdentity): void;
  delivered(message: Message, queue: Queue, redelivered: boolean, channel: ChannelIdentity): void;
}
