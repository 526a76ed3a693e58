/**
 * A broker of plain maps: the default exchange, one kind of queue, no permissions. It is what the connection room
 * is tested against, so that its tests say nothing about the core.
 */

import type {
  Broker,
  ConnectionEntry,
  ExchangeRoute,
  Principal,
  QueueDeclaration,
  VirtualHost,
} from '../../../src/broker/core/broker-port.js';
import { churnCounters, vhostCounters } from '../../../src/broker/core/counters.js';
import { Flow } from '../../../src/broker/core/flow.js';
import type { Message, QueueEntry } from '../../../src/broker/core/message.js';
import type { Confirms, Consumer, Delivery, Queue } from '../../../src/broker/core/queue-port.js';
import { AmqpError } from '../../../src/broker/protocol/amqp-error.js';

export class FakeQueue implements Queue {
  readonly row;
  /** Held publishes when `hold` is on: the test settles them. */
  held: { confirms: Confirms; sequence: number }[] = [];
  hold = false;
  readonly ready: QueueEntry[] = [];
  readonly consumers: Consumer[] = [];
  readonly unacked = new Map<Consumer, Map<number, QueueEntry>>();
  readonly settled: string[] = [];
  #head = 0;
  #position = 0;
  #turn = 0;

  constructor(vhost: string, declaration: QueueDeclaration) {
    this.row = {
      vhost,
      id: declaration.name,
      type: 'classic' as const,
      exclusiveOwner: null,
      leader: 'fake@host',
      mirrors: [],
      syncedMirrors: [],
      recoverableMirrors: [],
      ...declaration,
    };
  }

  publish(message: Message, confirms: Confirms | null, sequence: number): void {
    if (this.hold && confirms !== null) {
      confirms.hold(sequence);
      this.held.push({ confirms, sequence });
    }
    const entry = {
      position: this.#position++,
      message,
      expiresAt: Number.POSITIVE_INFINITY,
      redelivered: false,
    };
    this.ready.push(entry);
    this.#run();
  }

  async consume(consumer: Consumer): Promise<void> {
    await Promise.resolve();
    if (this.consumers.some(({ exclusive }) => exclusive)) {
      throw new AmqpError('ACCESS_REFUSED', `queue '${this.row.name}' in vhost '/' in exclusive use`);
    }
    this.consumers.push(consumer);
    this.#run();
  }

  async cancel(consumer: Consumer): Promise<void> {
    this.consumers.splice(this.consumers.indexOf(consumer), 1);
    await Promise.resolve();
  }

  resume(_consumer: Consumer): void {
    this.#run();
  }

  async get(getter: Consumer): Promise<Delivery | null> {
    await Promise.resolve();
    const entry = this.#take();
    if (entry === undefined) return null;
    if (!getter.noAck) this.#outstanding(getter).set(entry.position, entry);
    const { position, message, redelivered } = entry;
    return { position, message, redelivered, remaining: this.length };
  }

  acknowledge(consumer: Consumer, position: number): void {
    this.#settle('ack', consumer, position);
  }
  reject(consumer: Consumer, position: number): void {
    this.#settle('reject', consumer, position);
  }
  requeue(consumer: Consumer, position: number): void {
    const entry = this.unacked.get(consumer)?.get(position);
    this.#settle('requeue', consumer, position);
    if (entry === undefined) return;
    entry.redelivered = true;
    this.ready.splice(0, this.#head);
    this.#head = 0;
    const at = this.ready.findIndex((other) => other.position > position);
    this.ready.splice(at < 0 ? this.ready.length : at, 0, entry);
    this.#run();
  }

  async purge(): Promise<number> {
    const count = this.length;
    this.ready.length = 0;
    this.#head = 0;
    return count;
  }
  async counts() {
    return { messages: this.length, consumers: this.consumers.length };
  }
  async info() {
    return {};
  }
  get length(): number {
    return this.ready.length - this.#head;
  }

  #settle(how: string, consumer: Consumer, position: number): void {
    this.unacked.get(consumer)?.delete(position);
    if (how !== 'ack') this.settled.push(`${how} ${position}`);
    this.#run();
  }

  #take(): QueueEntry | undefined {
    const entry = this.ready[this.#head];
    if (entry === undefined) return undefined;
    this.#head++;
    if (this.#head === this.ready.length) {
      this.ready.length = 0;
      this.#head = 0;
    }
    return entry;
  }

  #outstanding(consumer: Consumer): Map<number, QueueEntry> {
    let map = this.unacked.get(consumer);
    if (map === undefined) {
      map = new Map();
      this.unacked.set(consumer, map);
    }
    return map;
  }

  #run(): void {
    while (this.#head < this.ready.length) {
      const consumer = this.#next();
      if (consumer === undefined) return;
      const entry = this.#take()!;
      if (!consumer.noAck) this.#outstanding(consumer).set(entry.position, entry);
      consumer.deliver(this, entry.position, entry.message, entry.redelivered);
    }
  }

  #next(): Consumer | undefined {
    const { consumers } = this;
    for (let tried = 0; tried < consumers.length; tried++) {
      const consumer = consumers[this.#turn++ % consumers.length]!;
      const room = consumer.prefetch === 0 || (this.unacked.get(consumer)?.size ?? 0) < consumer.prefetch;
      if (consumer.ready && (consumer.noAck || room)) return consumer;
    }
    return undefined;
  }
}

class FakeVhost implements VirtualHost {
  readonly queues = new Map<string, FakeQueue>();
  generation = 0;
  readonly counters = vhostCounters();
  tracer = null;
  declarations: QueueDeclaration[] = [];
  /** A promise to wait for before a declaration is done. */
  gate: Promise<void> = Promise.resolve();
  #unnamed = 0;

  constructor(readonly name: string) {}

  async declareExchange(): Promise<void> {
    await this.gate;
  }
  async deleteExchange(): Promise<void> {}
  async bind(): Promise<void> {}
  async unbind(): Promise<void> {}

  async declareQueue(declaration: QueueDeclaration) {
    await this.gate;
    this.declarations.push(declaration);
    const name = declaration.name === '' ? `amq.gen-${++this.#unnamed}` : declaration.name;
    if (declaration.passive && !this.queues.has(name)) throw this.#noQueue(name);
    const queue = this.queues.get(name) ?? new FakeQueue(this.name, { ...declaration, name });
    this.queues.set(name, queue);
    return { name, ...(await queue.counts()) };
  }

  async deleteQueue(name: string): Promise<number> {
    const queue = this.queues.get(name);
    this.queues.delete(name);
    for (const consumer of queue?.consumers ?? []) consumer.cancelled(queue!);
    return queue?.length ?? 0;
  }

  async purgeQueue(name: string): Promise<number> {
    return this.queues.get(name)?.purge() ?? 0;
  }

  readableQueue(name: string): FakeQueue {
    const queue = this.queues.get(name);
    if (queue === undefined) throw this.#noQueue(name);
    return queue;
  }

  publishable(exchange: string): ExchangeRoute {
    if (exchange !== '') {
      throw new AmqpError('NOT_FOUND', `no exchange '${exchange}' in vhost '${this.name}'`);
    }
    const answer: FakeQueue[] = [];
    const route = (message: Message) => {
      const queue = this.queues.get(message.routingKey);
      answer.length = 0;
      if (queue !== undefined) answer.push(queue);
      return answer;
    };
    return { name: exchange, checkTopic: null, route };
  }

  #noQueue(name: string): AmqpError {
    return new AmqpError('NOT_FOUND', `no queue '${name}' in vhost '${this.name}'`);
  }
}

export class FakeBroker implements Broker {
  readonly node = 'fake@host';
  readonly connections = new Map<string, ConnectionEntry>();
  readonly churn = churnCounters();
  readonly flow = new Flow();
  readonly plugins = new Set<string>();
  readonly vhost = new FakeVhost('/');

  authenticate({ user, password }: { user: string; password: string | null }): Principal {
    if (user !== 'guest' || password !== 'guest') {
      throw new AmqpError('ACCESS_REFUSED', `PLAIN login refused: user '${user}' - invalid credentials`);
    }
    return { user, tags: ['administrator'] };
  }

  openVhost(name: string): VirtualHost {
    if (name !== '/') throw new AmqpError('NOT_ALLOWED', `vhost ${name} not found`);
    return this.vhost;
  }

  usageElsewhere(): null {
    return null;
  }
  admitChannel(): null {
    return null;
  }

  register(connection: ConnectionEntry): void {
    this.connections.set(connection.id, connection);
  }
  async unregister(connection: ConnectionEntry): Promise<void> {
    this.connections.delete(connection.id);
  }
}
