/**
 * A vhost as a connection sees it: AMQP's operations with their checks in RabbitMQ's order (permission, then
 * existence, then exclusive ownership), turned into operations on the metadata or calls of a queue.
 */
import { randomBytes } from 'node:crypto';
import { AmqpError } from '../../protocol/amqp-error.js';
import { type FieldTable, field } from '../../protocol/field-table.js';
import type {
  BindingDeclaration,
  ExchangeDeclaration,
  ExchangeRoute,
  QueueDeclaration,
  Requester,
  Tracer,
  VirtualHost,
} from '../broker-port.js';
import type { ChurnCounters, VhostCounters } from '../counters.js';
import { named } from '../metadata/named.js';
import { bindingOf } from '../metadata/operations/bindings.js';
import { checkExclusive, checkReachable, withDefaultType } from '../metadata/operations/queues.js';
import type { QueueRow } from '../metadata/rows.js';
import { checkExchangeType } from '../metadata/validation/exchange-arguments.js';
import { stringOf } from '../metadata/validation/field-types.js';
import { queueTypeOf } from '../metadata/validation/queue-arguments.js';
import type { Access, Permissions } from '../permissions.js';
import type { Metadata } from '../ports.js';
import type { Queue } from '../queue-port.js';
import { withoutLineBreaks } from './line-breaks.js';
import { Route } from './route.js';
import type { Vhost } from './vhost.js';

export class OpenVhost implements VirtualHost {
  constructor(
    private readonly vhost: Vhost,
    private readonly metadata: Metadata,
    private readonly permissions: Permissions,
    private readonly node: string,
    private readonly churn: ChurnCounters,
    private readonly plugins: ReadonlySet<string>,
  ) {}

  get name(): string {
    return this.vhost.name;
  }

  get counters(): VhostCounters {
    return this.vhost.counters;
  }

  get generation(): number {
    return this.vhost.generation;
  }

  get tracer(): Tracer | null {
    return this.vhost.tracer;
  }

  async declareExchange(declaration: ExchangeDeclaration, by: Requester): Promise<void> {
    const name = withoutLineBreaks(declaration.name);
    if (declaration.passive) {
      this.#refuseDefault(name);
      if (this.vhost.exchange(name) === undefined) throw this.#notFound('exchange', name);
      return;
    }
    checkExchangeType(declaration.type, this.plugins);
    this.#refuseDefault(name);
    this.#check(by, 'configure', 'exchange', name);
    if (this.vhost.exchange(name) === undefined) {
      refuseReserved('exchange', name);
      this.#checkReferred(by, 'exchange', name, declaration.arguments, 'alternate-exchange');
    }
    const { type, durable, autoDelete, internal, arguments: table } = declaration;
    const { user } = by.principal;
    const args = { vhost: this.name, name, type, durable, autoDelete, internal, arguments: table, user };
    await this.metadata.submit('exchange.declare', args);
  }

  async deleteExchange(given: string, ifUnused: boolean, by: Requester): Promise<void> {
    const name = withoutLineBreaks(given);
    this.#refuseDefault(name);
    if (name.startsWith('amq.')) {
      const text = `deletion of system ${named('exchange', name, this.name)} not allowed`;
      throw new AmqpError('ACCESS_REFUSED', text);
    }
    this.#check(by, 'configure', 'exchange', name);
    await this.metadata.submit('exchange.delete', { vhost: this.name, name, ifUnused });
  }

  async declareQueue(declaration: QueueDeclaration, by: Requester) {
    const given = withoutLineBreaks(declaration.name);
    if (declaration.passive) return this.#stat(given, by);
    const { exclusive, durable, autoDelete } = declaration;
    const asked = {
      ...{ vhost: this.name, durable: durable && !exclusive, autoDelete },
      exclusiveOwner: exclusive ? by.connection : null,
      arguments: declaration.arguments,
    };
    const name = given === '' ? nameFor(withDefaultType(this.metadata.tables, asked)) : given;
    if (given !== '') refuseReserved('queue', name);
    this.#check(by, 'configure', 'queue', name);
    if (this.vhost.queue(name) === undefined) {
      this.#checkReferred(by, 'queue', name, declaration.arguments, 'x-dead-letter-exchange');
    }
    this.churn.queueDeclared++;
    await this.metadata.submit('queue.declare', { ...asked, name, node: this.node });
    const counts = await this.vhost.queue(name)?.counts();
    return { name, messages: counts?.messages ?? 0, consumers: counts?.consumers ?? 0 };
  }

  async deleteQueue(given: string, ifUnused: boolean, ifEmpty: boolean, by: Requester): Promise<number> {
    const name = withoutLineBreaks(given);
    this.#check(by, 'configure', 'queue', name);
    const queue = this.vhost.queue(name);
    if (queue === undefined) return 0;
    checkReachable(this.metadata.tables, queue.row);
    checkExclusive(queue.row, by.connection);
    const { messages, consumers } = await queue.counts();
    const where = named('queue', name, this.name);
    if (ifUnused && consumers > 0) throw new AmqpError('PRECONDITION_FAILED', `${where} in use`);
    if (ifEmpty && messages > 0) throw new AmqpError('PRECONDITION_FAILED', `${where} not empty`);
    await this.metadata.submit('queue.delete', { vhost: this.name, name, id: queue.row.id });
    return messages;
  }

  async purgeQueue(name: string, by: Requester): Promise<number> {
    return this.readableQueue(name, by).purge();
  }

  async bind(binding: BindingDeclaration, by: Requester): Promise<void> {
    const checked = this.#checkBinding(binding, by);
    this.#checkExclusive(checked, by);
    await this.metadata.submit('binding.add', checked);
  }

  async unbind(binding: BindingDeclaration, by: Requester): Promise<void> {
    const checked = this.#checkBinding(binding, by);
    // What is not bound is unbound already, even from another connection's exclusive queue.
    if (bindingOf(this.metadata.tables, checked) !== undefined) this.#checkExclusive(checked, by);
    await this.metadata.submit('binding.remove', checked);
  }

  readableQueue(name: string, by: Requester): Queue {
    this.#check(by, 'read', 'queue', name);
    const queue = this.#existing(name);
    checkExclusive(queue.row, by.connection);
    return queue;
  }

  publishable(name: string, by: Requester): ExchangeRoute {
    this.#check(by, 'write', 'exchange', name);
    const exchange = this.vhost.exchange(name);
    if (exchange === undefined) throw this.#notFound('exchange', name);
    if (exchange.row.internal) {
      const text = `cannot publish to internal ${named('exchange', name, this.name)}`;
      throw new AmqpError('ACCESS_REFUSED', text);
    }
    const topic = exchange.row.type === 'topic';
    const user = by.principal.user;
    const checkTopic = topic ? this.permissions.topic(user, this.name, name, 'write') : null;
    return new Route(this.vhost, exchange, checkTopic);
  }

  async #stat(name: string, by: Requester) {
    const queue = this.#existing(name);
    checkExclusive(queue.row, by.connection);
    const { messages, consumers } = await queue.counts();
    return { name, messages, consumers };
  }

  #existing(name: string): Queue & { readonly row: QueueRow } {
    const queue = this.vhost.queue(name);
    if (queue === undefined) throw this.#notFound('queue', name);
    checkReachable(this.metadata.tables, queue.row);
    return queue;
  }

  #checkBinding(binding: BindingDeclaration, by: Requester) {
    const { destinationKind, routingKey } = binding;
    const source = withoutLineBreaks(binding.source);
    const destination = withoutLineBreaks(binding.destination);
    this.#check(by, 'write', destinationKind, destination);
    if (destinationKind === 'exchange') this.#refuseDefault(destination);
    this.#refuseDefault(source);
    this.#check(by, 'read', 'exchange', source);
    const exchange = this.vhost.exchange(source);
    if (exchange?.row.type === 'topic') {
      this.permissions.topic(by.principal.user, this.name, source, 'read')?.(routingKey);
    }
    return {
      vhost: this.name,
      source,
      destination,
      destinationKind,
      routingKey,
      arguments: inOrder(binding.arguments),
    };
  }

  #checkExclusive({ source, destination, destinationKind }: BindingDeclaration, by: Requester): void {
    const queue = destinationKind === 'queue' ? this.vhost.queue(destination) : undefined;
    if (queue !== undefined && this.vhost.exchange(source) !== undefined)
      checkExclusive(queue.row, by.connection);
  }

  /** Declaring with a dead letter or alternate exchange takes the right to use it. */
  #checkReferred(by: Requester, kind: 'queue' | 'exchange', name: string, table: FieldTable, key: string) {
    const value = field(table, key);
    const exchange = value === undefined ? null : stringOf(value);
    if (exchange === null) return;
    this.#check(by, 'read', kind, name);
    this.#check(by, 'write', 'exchange', exchange);
  }

  #check(by: Requester, access: Access, kind: 'queue' | 'exchange', name: string): void {
    this.permissions.check(by.principal.user, this.name, access, kind, name);
  }

  #notFound(kind: 'queue' | 'exchange', name: string): AmqpError {
    return new AmqpError('NOT_FOUND', `no ${named(kind, name, this.name)}`);
  }

  /** AMQP 0-9-1, exchange.declare and queue.bind: the default exchange is not declared, deleted or bound. */
  #refuseDefault(exchange: string): void {
    if (exchange === '')
      throw new AmqpError('ACCESS_REFUSED', 'operation not permitted on the default exchange');
  }
}

/** A name that nobody could guess. Only classic queues may be named by the server. */
function nameFor(table: FieldTable): string {
  const type = queueTypeOf('', '', table);
  if (type === 'classic') return `amq.gen-${randomBytes(16).toString('base64url')}`;
  const text = `Cannot declare a server-named queue for type rabbit_${type}_queue`;
  throw new AmqpError('PRECONDITION_FAILED', text);
}

/** AMQP 0-9-1, rules "reserved": names that begin with amq. belong to the server. */
function refuseReserved(kind: 'queue' | 'exchange', name: string): void {
  if (!name.startsWith('amq.')) return;
  throw new AmqpError('ACCESS_REFUSED', `${kind} name '${name}' contains reserved prefix 'amq.*'`);
}

/** A binding is the same whatever the order of its arguments: they are kept sorted by name. */
function inOrder(table: FieldTable): FieldTable {
  return [...table].sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}
