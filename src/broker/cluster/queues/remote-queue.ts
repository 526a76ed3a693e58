/**
 * A queue that another node leads, as channels of this node see it. Publishes, settlements and credit travel as
 * frames on the link to the leader, questions as calls; deliveries come back by consumer.
 *
 * When the leader is lost, publishes that it has not answered are refused (they may be there or not), and new
 * ones wait until the metadata says who leads now: then they are sent there, and consumers subscribe anew, unless
 * they asked to be cancelled (x-cancel-on-ha-failover). When nobody leads (a durable queue without mirrors, its
 * node down) publishes are refused, consumers cancelled, questions answered with 404.
 *
 * Positions are handed to channels with the number of the period of one leader in their upper bits, so that a
 * late acknowledgement of what an earlier leader delivered can never settle another message.
 */
import type { Message } from '../../core/message.js';
import type { QueueRow } from '../../core/metadata/rows.js';
import type { PlacedQueue } from '../../core/ports.js';
import type { Confirms, Consumer, Delivery, Queue, QueueCounts } from '../../core/queue-port.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import { LinkError } from '../link/errors.js';
import type { Link } from '../link/link.js';
import { ConfirmWindow } from './confirm-window.js';
import type { QueueClient } from './queue-client.js';
import { RemoteConsumer } from './remote-consumer.js';
import {
  type ConsumeCall,
  type ConsumerCard,
  type QueueAddress,
  readOutcome,
  type Settlement,
  writeCredit,
  writePublish,
  writeSettlement,
} from './wire.js';

/** 2^40 positions a period: more than a queue sees in the life of a leader. */
const periodSize = 2 ** 40;
const periods = 4096;

interface Parked {
  message: Message;
  confirms: Confirms | null;
  sequence: number;
}

export class RemoteQueue implements PlacedQueue {
  readonly handle: number;
  readonly #client: QueueClient;
  readonly #window = new ConfirmWindow();
  readonly #consumers = new Map<Consumer, RemoteConsumer>();
  /** Numbers of getters and former consumers too, whose deliveries may still be settled. */
  readonly #numbers = new WeakMap<Consumer, number>();
  #link: Link | null = null;
  #period = 0;
  #parked: Parked[] = [];
  #over = false;
  #successor: Queue | null = null;

  constructor(
    public row: QueueRow,
    client: QueueClient,
  ) {
    this.#client = client;
    this.handle = client.register(this);
  }

  publish(message: Message, confirms: Confirms | null, sequence: number): void {
    if (this.#successor !== null) {
      this.#successor.publish(message, confirms, sequence);
      return;
    }
    confirms?.hold(sequence);
    const link = this.#connect();
    if (link !== null) this.#send(link, message, confirms, sequence);
    else if (this.#over || this.#client.isDown(this.row)) confirms?.refuse(sequence);
    else this.#parked.push({ message, confirms, sequence });
  }

  async consume(consumer: Consumer): Promise<void> {
    if (this.#client.isProxy(consumer)) return; // its own node subscribes at the new leader
    const remote = new RemoteConsumer(consumer, this.#number(consumer));
    this.#consumers.set(consumer, remote);
    this.#client.consumers.set(remote.number, { queue: this, consumer: remote });
    try {
      await this.#subscribe(remote);
    } catch (error) {
      this.#dropConsumer(remote);
      throw error;
    }
  }

  async cancel(consumer: Consumer): Promise<void> {
    if (this.#successor !== null) return this.#successor.cancel(consumer);
    const remote = this.#consumers.get(consumer);
    if (remote === undefined) return;
    this.#consumers.delete(consumer);
    const link = this.#link;
    if (link !== null) await link.call('queue.cancel', { number: remote.number }).catch(() => {});
    this.#dropConsumer(remote);
    for (const { position } of remote.end()) this.#settle('requeue', consumer, position);
  }

  resume(consumer: Consumer): void {
    this.#successor?.resume(consumer);
    const remote = this.#consumers.get(consumer);
    if (remote !== undefined) this.#flow(remote);
  }

  async get(getter: Consumer): Promise<Delivery | null> {
    const consumer = cardOf(getter, this.#number(getter));
    const found = (await this.#ask('queue.get', { queue: this.#address, consumer })) as Delivery | null;
    return found === null ? null : { ...found, position: this.#outward(found.position) };
  }

  acknowledge(consumer: Consumer, position: number): void {
    this.#settle('acknowledge', consumer, position);
  }

  requeue(consumer: Consumer, position: number): void {
    this.#settle('requeue', consumer, position);
  }

  reject(consumer: Consumer, position: number): void {
    this.#settle('reject', consumer, position);
  }

  async purge(): Promise<number> {
    return (await this.#ask('queue.purge', { queue: this.#address })) as number;
  }

  async counts(): Promise<QueueCounts> {
    return (await this.#ask('queue.counts', { queue: this.#address })) as QueueCounts;
  }

  async info(): Promise<Record<string, unknown>> {
    return (await this.#ask('queue.info', { queue: this.#address })) as Record<string, unknown>;
  }

  rowChanged(row: QueueRow): void {
    const moved = row.leader !== this.row.leader;
    this.row = row;
    if (!moved) return;
    this.#disconnected();
    this.#cancelUnwilling();
    this.look();
  }

  succeededBy(successor: Queue): void {
    this.#disconnected();
    this.#cancelUnwilling();
    this.#over = true;
    this.#successor = successor;
    this.#client.unregister(this);
    for (const { message, confirms, sequence } of this.#parked.splice(0)) {
      successor.publish(message, confirms, sequence);
      confirms?.release(sequence);
    }
    for (const remote of [...this.#consumers.values()]) {
      this.#dropConsumer(remote);
      successor.consume(remote.consumer).catch(() => remote.consumer.cancelled(successor));
    }
  }

  deleted(): void {
    this.#over = true;
    this.#end();
    this.#client.unregister(this);
  }

  // From this node's side of the links.

  delivered(remote: RemoteConsumer, position: number, message: Message, redelivered: boolean): void {
    remote.take(this, this.#outward(position), message, redelivered);
    this.#flow(remote);
  }

  /** Is it on this link that the queue hears its leader? */
  hears(link: Link): boolean {
    return link === this.#link;
  }

  answered(payload: Buffer, refused: boolean): void {
    readOutcome(payload, (number) => this.#window.settle(number, refused));
  }

  cancelledByLeader(remote: RemoteConsumer): void {
    this.#dropConsumer(remote);
    remote.consumer.cancelled(this);
  }

  /** A link ended, or opened, or nodes came or went. */
  look(): void {
    if (this.#link?.closed) this.#disconnected();
    if (this.#client.isDown(this.row)) this.#end();
    else if (this.#consumers.size > 0 || this.#parked.length > 0) this.#connect();
  }

  /** The link to the leader, with the queue opened on it; null while there is none. */
  #connect(): Link | null {
    if (this.#link !== null && !this.#link.closed) return this.#link;
    if (this.#link !== null) this.#disconnected();
    if (this.#over || this.#client.isDown(this.row)) return null;
    const link = this.#client.linkTo(this.row.leader);
    if (link === null) return null;
    this.#link = link;
    this.#period = (this.#period + 1) % periods;
    this.#client.open(link, this.handle, this.#address);
    for (const remote of this.#consumers.values()) {
      if (remote.subscribing === null) {
        this.#subscribe(remote).catch(() => this.cancelledByLeader(remote));
      }
    }
    for (const { message, confirms, sequence } of this.#parked.splice(0)) {
      this.#send(link, message, confirms, sequence);
    }
    return link;
  }

  #send(link: Link, message: Message, confirms: Confirms | null, sequence: number): void {
    const number = confirms === null ? 0 : this.#window.add(confirms, sequence);
    writePublish(link, this.handle, number, message);
  }

  #disconnected(): void {
    this.#link = null;
    for (const remote of this.#consumers.values()) remote.subscribed = false;
    this.#window.refuseAll();
  }

  /** Nobody leads the queue. */
  #end(): void {
    this.#disconnected();
    for (const { confirms, sequence } of this.#parked.splice(0)) confirms?.refuse(sequence);
    for (const remote of [...this.#consumers.values()]) this.cancelledByLeader(remote);
  }

  #cancelUnwilling(): void {
    for (const remote of [...this.#consumers.values()]) {
      const asked = remote.consumer.arguments.find((entry) => entry.key === 'x-cancel-on-ha-failover');
      if (asked?.value === true) this.cancelledByLeader(remote);
    }
  }

  #subscribe(remote: RemoteConsumer): Promise<void> {
    remote.subscribing ??= this.#askToDeliver(remote).finally(() => {
      remote.subscribing = null;
    });
    return remote.subscribing;
  }

  async #askToDeliver(remote: RemoteConsumer): Promise<void> {
    await null; // `subscribing` is set before anything connects
    while (this.#consumers.get(remote.consumer) === remote && !remote.subscribed) {
      const link = this.#connect();
      if (link !== null) {
        remote.subscribed = true;
        const consumer = cardOf(remote.consumer, remote.number);
        const call: ConsumeCall = { queue: this.#address, consumer, credit: remote.begin() };
        try {
          await link.call('queue.consume', call);
          return;
        } catch (error) {
          if (!isTransient(error)) throw error;
          remote.subscribed = false;
        }
      }
      await this.#change();
    }
  }

  #dropConsumer(remote: RemoteConsumer): void {
    if (this.#consumers.get(remote.consumer) === remote) this.#consumers.delete(remote.consumer);
    if (this.#client.consumers.get(remote.number)?.consumer === remote) {
      this.#client.consumers.delete(remote.number);
    }
  }

  #flow(remote: RemoteConsumer): void {
    const more = remote.flow(this);
    if (more > 0 && this.#link !== null) writeCredit(this.#link, remote.number, more);
  }

  #settle(kind: Settlement, consumer: Consumer, position: number): void {
    const number = this.#numbers.get(consumer);
    const period = Math.floor(position / periodSize);
    if (this.#link === null || number === undefined || period !== this.#period) return;
    writeSettlement(this.#link, kind, number, position % periodSize);
  }

  async #ask(name: string, args: unknown): Promise<unknown> {
    for (;;) {
      const link = this.#connect();
      try {
        if (link !== null) return await link.call(name, args);
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
      await this.#change();
    }
  }

  /** Waits for a change of who leads; refuses when nobody does. */
  async #change(): Promise<void> {
    const { name, vhost, leader } = this.row;
    if (this.#over) throw new AmqpError('NOT_FOUND', `no queue '${name}' in vhost '${vhost}'`);
    if (this.#client.isDown(this.row)) {
      throw new AmqpError(
        'NOT_FOUND',
        `home node '${leader}' of durable queue '${name}' in vhost '${vhost}' is down or inaccessible`,
      );
    }
    await this.#client.change();
  }

  #outward(position: number): number {
    return this.#period * periodSize + position;
  }

  #number(consumer: Consumer): number {
    const known = this.#numbers.get(consumer);
    if (known !== undefined) return known;
    const number = this.#client.newNumber();
    this.#numbers.set(consumer, number);
    return number;
  }

  get #address(): QueueAddress {
    const { vhost, name, id } = this.row;
    return { vhost, name, id };
  }
}

function cardOf(consumer: Consumer, number: number): ConsumerCard {
  const { tag, noAck, exclusive, priority, prefetch, arguments: table } = consumer;
  const { node, connection, number: channelNumber, user } = consumer.channel;
  const channel = { node, connection, number: channelNumber, user };
  return { number, tag, noAck, exclusive, priority, prefetch, arguments: table, channel };
}

/** The leader went, or does not know yet that it leads. */
function isTransient(error: unknown): boolean {
  return error instanceof LinkError || (error as { code?: unknown }).code === 'not_leader';
}
