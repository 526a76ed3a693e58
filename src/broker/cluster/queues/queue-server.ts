/**
 * The leader's end: serves the remote queues of other nodes. Everything is kept by link, and goes with it: what
 * was delivered to a node that died is requeued, what it published and was not confirmed is its clients' affair.
 */
import { keys } from '../../core/metadata/rows.js';
import type { Tables } from '../../core/metadata/tables.js';
import type { Delivery, Queue } from '../../core/queue-port.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import type { LedQueues } from '../cluster-port.js';
import type { Link } from '../link/link.js';
import { ProxyConsumer } from './proxy-consumer.js';
import { ServedPublishes } from './served-publishes.js';
import {
  type ConsumeCall,
  type ConsumerCard,
  type QueueAddress,
  readPublish,
  settlementNames,
} from './wire.js';

interface Served {
  publishes: Map<number, ServedPublishes>;
  consumers: Map<number, ProxyConsumer>;
}

interface About {
  queue: QueueAddress;
}

export class QueueServer {
  readonly #self: string;
  readonly #tables: Tables;
  readonly #links = new Map<Link, Served>();
  #queues: LedQueues | null = null;

  constructor(self: string, tables: Tables) {
    this.#self = self;
    this.#tables = tables;
  }

  /** From now on there are queues to serve. */
  serve(queues: LedQueues): void {
    this.#queues = queues;
  }

  /** The application stops. */
  stop(): void {
    this.#queues = null;
    this.#links.clear();
  }

  purge({ queue }: About): Promise<number> {
    return this.#led(queue).purge();
  }

  counts({ queue }: About): Promise<unknown> {
    return this.#led(queue).counts();
  }

  info({ queue }: About): Promise<unknown> {
    return this.#led(queue).info();
  }

  async consume({ queue: address, consumer: card, credit }: ConsumeCall, link: Link): Promise<void> {
    const queue = this.#led(address);
    const proxy = new ProxyConsumer(card, queue, link, credit);
    const { consumers } = this.#served(link);
    consumers.set(card.number, proxy);
    try {
      await queue.consume(proxy);
    } catch (error) {
      consumers.delete(card.number);
      throw error;
    }
  }

  async cancel({ number }: { number: number }, link: Link): Promise<void> {
    const { consumers } = this.#served(link);
    const proxy = consumers.get(number);
    if (proxy === undefined || proxy.ended) return;
    proxy.ended = true;
    await proxy.queue.cancel(proxy);
    if (proxy.settled) consumers.delete(number);
  }

  /** A delivery that found nobody. */
  returned({ number, position }: { number: number; position: number }, link: Link): void {
    this.#served(link).consumers.get(number)?.settle('requeue', position);
  }

  async get({ queue: address, consumer: card }: About & { consumer: ConsumerCard }, link: Link) {
    const queue = this.#led(address);
    const proxy = new ProxyConsumer(card, queue, link, 0);
    proxy.ended = true;
    const delivery: Delivery | null = await queue.get(proxy);
    if (delivery === null || card.noAck) return delivery;
    proxy.got(delivery.position);
    if (link.closed) await proxy.giveBack();
    else this.#served(link).consumers.set(card.number, proxy);
    return delivery;
  }

  onOpen(payload: Buffer, link: Link): void {
    const address = JSON.parse(payload.toString('utf8', 4)) as QueueAddress;
    const handle = payload.readUInt32BE(0);
    const find = () => this.#find(address);
    this.#served(link).publishes.set(handle, new ServedPublishes(link, handle, find));
  }

  onPublish(payload: Buffer, link: Link): void {
    const { handle, number, message } = readPublish(payload);
    this.#served(link).publishes.get(handle)?.publish(message, number);
  }

  onSettle(payload: Buffer, link: Link): void {
    const { consumers } = this.#served(link);
    const proxy = consumers.get(payload.readUInt32BE(1));
    const kind = settlementNames[payload[0] as number];
    if (proxy === undefined || kind === undefined) return;
    proxy.settle(kind, payload.readDoubleBE(5));
    if (proxy.settled) consumers.delete(proxy.number);
  }

  onCredit(payload: Buffer, link: Link): void {
    this.#served(link).consumers.get(payload.readUInt32BE(0))?.credit(payload.readUInt32BE(4));
  }

  #served(link: Link): Served {
    const known = this.#links.get(link);
    if (known !== undefined) return known;
    const served: Served = { publishes: new Map(), consumers: new Map() };
    this.#links.set(link, served);
    link.onClose(() => {
      if (!this.#links.delete(link)) return;
      for (const publishes of served.publishes.values()) publishes.end();
      for (const proxy of served.consumers.values()) void proxy.giveBack().catch(() => {});
    });
    return served;
  }

  /** Undefined: deleted. Null: led by another node, or not known here yet. */
  #find({ vhost, name, id }: QueueAddress): Queue | null | undefined {
    const row = this.#tables.get('queues', keys.queue(vhost, name));
    if (row?.id !== id) return undefined;
    if (row.leader !== this.#self) return null;
    return this.#queues?.queue(vhost, name) ?? null;
  }

  #led(address: QueueAddress): Queue {
    const queue = this.#find(address);
    if (queue === undefined) {
      throw new AmqpError('NOT_FOUND', `no queue '${address.name}' in vhost '${address.vhost}'`);
    }
    if (queue !== null) return queue;
    const text = `${this.#self} does not lead queue '${address.name}'`;
    throw Object.assign(new Error(text), { code: 'not_leader' });
  }
}
