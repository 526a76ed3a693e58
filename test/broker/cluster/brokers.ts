/** Nodes with whole brokers on them: queues, consumers and confirms as channels see them. */
import type { NodeBroker } from '../../../src/broker/core/broker.js';
import { createBroker } from '../../../src/broker/core/broker.js';
import type { Message } from '../../../src/broker/core/message.js';
import type { Confirms, Consumer, Delivery, Queue } from '../../../src/broker/core/queue-port.js';
import { anewWhenLost, clock, eventually, type MemoryLog, type Node, Nodes } from './nodes.js';

export interface BrokerNode extends Node {
  broker: NodeBroker;
}

export class Brokers extends Nodes {
  readonly brokers = new Map<string, BrokerNode>();

  async boot(name: string, log?: MemoryLog, options: Partial<Node['options']> = {}): Promise<BrokerNode> {
    const node = this.make(name, log, {
      seed: async (metadata) => {
        await metadata.submit('vhost.put', { name: '/' });
      },
      ...options,
    });
    await node.cluster.listen();
    await this.comeUp(node);
    const booted = node as BrokerNode;
    this.brokers.set(name, booted);
    return booted;
  }

  /** With a new broker each time. */
  override async comeUp(node: Node): Promise<void> {
    await anewWhenLost(node, async () => {
      const { cluster, name, options } = node;
      await cluster.start();
      const broker = createBroker({
        self: name,
        metadata: cluster.metadata,
        store: options.messageStore,
        queues: cluster.queueFactory,
        clock,
        logger: options.logger,
        loopbackUsers: [],
      });
      await broker.start();
      Object.assign(node, { broker });
      await cluster.up({ queue: (vhost, queue) => broker.vhost(vhost)?.queue(queue) });
    });
  }

  async three(): Promise<[BrokerNode, BrokerNode, BrokerNode]> {
    this.peers = ['a@vm', 'b@vm', 'c@vm'];
    const made: BrokerNode[] = [];
    // One after the other: who is older decides who leads next.
    for (const name of this.peers) made.push(await this.boot(name));
    await eventually(
      () => made.map((node) => node.cluster.peers.running().length),
      (counts) => counts.every((count) => count === 3),
    );
    return made as [BrokerNode, BrokerNode, BrokerNode];
  }
}

export async function declare(node: BrokerNode, name: string, more: object = {}): Promise<void> {
  await node.broker.submit('queue.declare', {
    vhost: '/',
    name,
    durable: true,
    autoDelete: false,
    exclusiveOwner: null,
    arguments: [],
    node: node.name,
    ...more,
  });
}

export const mirrorAll = (node: BrokerNode, more: Record<string, unknown> = {}) =>
  node.broker.submit('policy.set', {
    vhost: '/',
    name: 'ha',
    pattern: '',
    applyTo: 'queues',
    priority: 0,
    definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic', ...more },
  });

export function queueOn(node: BrokerNode, name: string): Queue {
  const queue = node.broker.vhost('/')?.queue(name);
  if (queue === undefined) throw new Error(`no queue ${name} on ${node.name}`);
  return queue;
}

export const rowOn = (node: BrokerNode, name: string) => node.broker.tables.get('queues', `/\0${name}`);

export function message(body: string, more: Partial<Message> = {}): Message {
  return {
    exchange: '',
    routingKey: 'q',
    properties: Buffer.from([0, 0]),
    body: Buffer.from(body),
    persistent: true,
    priority: 0,
    expiration: -1,
    ...more,
  };
}

/** Counts holds as a channel does, and remembers the outcome of each publish. */
export class Outcomes implements Confirms {
  readonly #holds = new Map<number, number>();
  readonly #refused = new Set<number>();
  readonly confirmed = new Set<number>();
  readonly nacked = new Set<number>();
  last = 0;

  publish(queue: Queue, sent: Message): number {
    this.last++;
    const sequence = this.last;
    this.#holds.set(sequence, 1);
    queue.publish(sent, this, sequence);
    this.release(sequence);
    return sequence;
  }

  hold(sequence: number): void {
    this.#holds.set(sequence, (this.#holds.get(sequence) ?? 0) + 1);
  }

  release(sequence: number): void {
    const left = (this.#holds.get(sequence) as number) - 1;
    this.#holds.set(sequence, left);
    if (left < 0) throw new Error(`publish ${sequence} was released too often`);
    if (left === 0) (this.#refused.has(sequence) ? this.nacked : this.confirmed).add(sequence);
  }

  refuse(sequence: number): void {
    this.#refused.add(sequence);
    this.release(sequence);
  }

  get open(): number {
    return this.last - this.confirmed.size - this.nacked.size;
  }
}

export interface Got {
  queue: Queue;
  position: number;
  body: string;
  redelivered: boolean;
}

export class TestConsumer implements Consumer {
  readonly exclusive: boolean = false;
  readonly priority = 0;
  readonly arguments: Consumer['arguments'] = [];
  readonly channel: Consumer['channel'];
  readonly got: Got[] = [];
  ready = true;
  gone = false;
  onDelivery: (delivery: Got) => void = () => {};

  constructor(
    node: string,
    readonly noAck: boolean,
    readonly prefetch = 0,
    more: Partial<Pick<Consumer, 'exclusive' | 'arguments'>> = {},
    readonly tag = 'tag',
  ) {
    this.channel = { node, connection: 'c', number: 1, user: 'guest' };
    Object.assign(this, more);
  }

  deliver(queue: Queue, position: number, delivered: Message, redelivered: boolean): void {
    const delivery = { queue, position, body: delivered.body.toString(), redelivered };
    this.got.push(delivery);
    this.onDelivery(delivery);
  }

  cancelled(): void {
    this.gone = true;
  }
}

export async function getAll(queue: Queue, node: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const found: Delivery | null = await queue.get(new TestConsumer(node, true));
    if (found === null) return bodies;
    bodies.push(found.message.body.toString());
  }
}
