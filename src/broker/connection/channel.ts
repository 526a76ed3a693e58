/**
 * One channel. Frames come in order; a method whose handler answers with a promise pauses this channel (not the
 * connection): frames that come meanwhile wait, so the order within the channel is kept.
 *
 * States: starting (before channel.open), running, closing (we sent channel.close: everything is dropped until
 * close-ok), closed. Handlers throw AmqpError; the connection turns it into the close method.
 */
import type { ChannelEntry, ChannelFigures, Requester, VirtualHost } from '../core/broker-port.js';
import { newChannelCounters } from '../core/counters.js';
import type { Message } from '../core/message.js';
import type { ChannelIdentity, Consumer, Queue } from '../core/queue-port.js';
import { AmqpError } from '../protocol/amqp-error.js';
import { frameType } from '../protocol/frame.js';
import { decodeArguments, encodeMethod } from '../protocol/method-codec.js';
import { type Arguments, type MethodName, methodName, methods } from '../protocol/methods.js';
import type { ChannelConsumer } from './channel-consumer.js';
import { channelFigures, channelInfo } from './channel-info.js';
import { ConfirmTracker } from './confirms.js';
import type { Connection } from './connection.js';
import { writeContent } from './content-writer.js';
import { DeliveryTimeout } from './delivery-timeout.js';
import { channelMethods } from './methods/index.js';
import { PausedFrames } from './paused-frames.js';
import { Publisher, publishId } from './publisher.js';
import type { Settlement, Transaction } from './transaction.js';
import { Unacked, type Visit } from './unacked.js';

enum Expects {
  method,
  header,
  body,
}

export class Channel implements ChannelEntry {
  state: 'starting' | 'running' | 'closing' | 'closed' = 'starting';
  readonly identity: ChannelIdentity;
  readonly requester: Requester;
  readonly counters = newChannelCounters();
  readonly consumers = new Map<string, ChannelConsumer>();
  readonly unacked = new Unacked();
  confirms: ConfirmTracker | null = null;
  /** Confirms go to the client (confirm.select), rather than to the transaction. */
  confirming = false;
  transaction: Transaction | null = null;
  /** For new consumers (basic.qos). */
  prefetch = 0;
  /** Channel-wide limit, 0 = none; and what counts against it. */
  globalPrefetch = 0;
  globalUnacked = 0;
  /** Deliveries may be made: what every consumer's `ready` asks. */
  ready = true;
  /** Name of the queue declared last, for methods that leave it out. */
  lastQueue = '';
  /** Consumer of direct reply-to, if it is on. */
  replyConsumer: { tag: string; address: string } | null = null;
  /** Class and method id of what is being done, for the close method. */
  current = 0;
  /** The last one given out. */
  deliveryTag = 0;
  readonly deliveryTimeout = new DeliveryTimeout();

  #expects: Expects = Expects.method;
  #contentMethod = 0;
  readonly #publisher: Publisher;
  readonly #paused: PausedFrames;

  constructor(
    readonly connection: Connection,
    readonly number: number,
  ) {
    this.identity = {
      node: connection.context.broker.node,
      connection: connection.name,
      number,
      user: connection.principal.user,
    };
    this.requester = { principal: connection.principal, connection: connection.id };
    this.ready = !connection.output.congested;
    this.#publisher = new Publisher(this);
    this.#paused = new PausedFrames(connection.reading);
  }

  get vhost(): VirtualHost {
    return this.connection.virtualHost;
  }
  get output() {
    return this.connection.output;
  }
  get frameMax(): number {
    return this.connection.frameMax;
  }
  get pid(): string {
    return this.connection.context.pidOf(this.connection.serial, this.number);
  }

  frame(type: number, bytes: Buffer, start: number, end: number): void {
    if (this.#paused.active) {
      this.#paused.push(type, bytes.subarray(start, end));
      return;
    }
    if (this.#expects === Expects.method) this.#method(type, bytes, start, end);
    else if (this.#expects === Expects.header) this.#header(type, bytes, start, end);
    else this.#body(type, bytes, start, end);
  }

  send<N extends MethodName>(name: N, args: Partial<Arguments<N>> = {}): void {
    if (this.state === 'running') this.output.write(encodeMethod(this.number, name, args));
  }

  /** The server's side of a channel error: consumers go, deliveries return to their queues. */
  closeWith(error: AmqpError, replyText: string, methodId: number): void {
    if (this.state === 'closing' || this.state === 'closed') return;
    this.flush();
    this.release();
    this.state = 'closing';
    const close = { replyCode: error.code, replyText, classId: methodId >>> 16, methodId: methodId & 0xffff };
    this.output.write(encodeMethod(this.number, 'channel.close', close));
  }

  /** Gives back everything the channel holds in the broker. */
  release(): void {
    if (this.state === 'closing' || this.state === 'closed') return;
    this.state = 'closed';
    this.ready = false;
    this.connection.context.replies.unsubscribe(this);
    for (const consumer of this.consumers.values()) {
      const { queue } = consumer;
      consumer.queue = null;
      queue?.cancel(consumer).catch(this.connection.ignored);
    }
    this.consumers.clear();
    this.unacked.giveBack(this.transaction?.take().settlements ?? []);
    this.transaction = null;
    this.unacked.takeAll((consumer, queue, position) => queue.requeue(consumer, position));
  }

  /** Runs a handler's promise with the channel paused. */
  pauseFor(work: Promise<void>): void {
    this.#paused.begin();
    const method = this.current;
    work
      .catch((error: unknown) => this.connection.failed(error, this, method))
      .then(() =>
        this.#paused.drain((type, bytes) => this.connection.channelFrame(this, type, bytes, 0, bytes.length)),
      )
      .catch(this.connection.ignored);
  }

  /** The next delivery tag, for what is not counted as a consumer's delivery. */
  nextDeliveryTag(): number {
    return ++this.deliveryTag;
  }

  /** Resolves when everything that came on the channel is done. */
  idle(): Promise<void> {
    return this.#paused.idle();
  }

  /** Counts a delivery and answers with its tag; 0 when the channel is gone. */
  delivering(
    consumer: Consumer,
    queue: Queue,
    position: number,
    message: Message,
    redelivered: boolean,
  ): number {
    if (this.state !== 'running') {
      if (!consumer.noAck) queue.requeue(consumer, position);
      return 0;
    }
    const tag = ++this.deliveryTag;
    const { counters } = this;
    if (consumer.noAck) counters.deliverNoAck++;
    else {
      this.unacked.add(tag, consumer, queue, position);
      counters.deliver++;
      if (this.globalPrefetch !== 0 && ++this.globalUnacked >= this.globalPrefetch) this.ready = false;
    }
    if (redelivered) counters.redeliver++;
    if (this.output.congested) this.ready = false;
    const { tracer } = this.vhost;
    if (tracer !== null) tracer.delivered(message, queue, redelivered, this.identity);
    return tag;
  }

  /** Something that `ready` depends on got better. */
  becomeReady(): void {
    const { globalPrefetch, output } = this;
    const open = globalPrefetch === 0 || this.globalUnacked < globalPrefetch;
    if (this.ready || !open || output.congested || this.state !== 'running') return;
    this.ready = true;
    for (const consumer of this.consumers.values()) {
      if (!this.ready) return;
      consumer.queue?.resume(consumer);
    }
  }

  /** What is done with each delivery that is settled: at once, or when the transaction commits. */
  settling(settlement: Settlement): Visit {
    const { transaction } = this;
    if (transaction === null) return this.#settle[settlement];
    return (consumer, queue, position, tag) => transaction.settle(settlement, consumer, queue, position, tag);
  }
  readonly #settle: Record<Settlement, Visit> = {
    acknowledge: (consumer, queue, position) => this.settleNow('acknowledge', consumer, queue, position),
    requeue: (consumer, queue, position) => this.settleNow('requeue', consumer, queue, position),
    reject: (consumer, queue, position) => this.settleNow('reject', consumer, queue, position),
  };

  /** Sets the channel-wide prefetch; 0 lifts it. What is outstanding counts from the start. */
  limitUnacked(limit: number): void {
    if (this.globalPrefetch === 0) this.globalUnacked = this.unacked.size;
    this.globalPrefetch = limit;
    if (limit !== 0 && this.globalUnacked >= limit) this.ready = false;
    else this.becomeReady();
  }

  settleNow(settlement: Settlement, consumer: Consumer, queue: Queue, position: number): void {
    if (this.globalPrefetch !== 0 && consumer.tag !== '') this.globalUnacked--;
    if (settlement === 'acknowledge') this.counters.ack++;
    queue[settlement](consumer, position);
  }

  /** Hands a message to its queues, under the next sequence number of the channel. */
  publishConfirmed(message: Message, queues: readonly Queue[], mandatory: boolean): void {
    const confirms = this.confirms!;
    const sequence = confirms.next();
    this.vhost.counters.publishConfirm++;
    for (let index = 0; index < queues.length; index++) queues[index]!.publish(message, confirms, sequence);
    if (queues.length === 0) this.unroutable(message, mandatory);
    confirms.release(sequence);
  }

  unroutable(message: Message, mandatory: boolean): void {
    if (!mandatory) {
      this.counters.dropUnroutable++;
      this.vhost.counters.dropUnroutable++;
      return;
    }
    this.counters.returnUnroutable++;
    this.vhost.counters.returnUnroutable++;
    const { exchange, routingKey } = message;
    const returned = { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey };
    this.sendContent('basic.return', returned, message);
  }

  sendContent<N extends 'basic.return' | 'basic.get-ok' | 'basic.deliver'>(
    name: N,
    args: Partial<Arguments<N>>,
    message: Message,
  ): void {
    if (this.state !== 'running') return;
    const method = encodeMethod(this.number, name, args);
    writeContent(this.output, this.number, method, message, this.frameMax);
  }

  deliverReply(message: Message): void {
    this.connection.context.replies.deliver(message);
  }

  replyProperties(properties: Buffer): Buffer {
    return this.connection.context.replies.addressed(properties, this);
  }

  /** The queue ended the subscription: consumer cancel notification, to clients that know it. */
  consumerCancelled(consumer: ChannelConsumer, _queue: Queue): void {
    if (this.consumers.get(consumer.tag) !== consumer) return;
    this.consumers.delete(consumer.tag);
    if (!this.connection.capabilities.has('consumer_cancel_notify')) return;
    const { tag: consumerTag } = consumer;
    this.#paused.behind(() => this.send('basic.cancel', { consumerTag, nowait: true }));
  }

  /** The tracker for confirms or a transaction, made when first needed. */
  trackPublishes(): ConfirmTracker {
    this.confirms ??= new ConfirmTracker(() => this.connection.settled(this));
    return this.confirms;
  }

  /** Sends the confirms that were settled in this turn. */
  flush(): void {
    if (this.confirms === null) return;
    if (!this.confirming) {
      this.confirms.rearm();
      this.onTransactionSettled?.();
      return;
    }
    this.confirms.drain((nack, deliveryTag, multiple) => {
      const confirmed = this.confirms!.last - this.confirms!.open;
      this.vhost.counters.confirm += confirmed - this.counters.confirm;
      this.counters.confirm = confirmed;
      if (nack) this.send('basic.nack', { deliveryTag, multiple, requeue: true });
      else this.send('basic.ack', { deliveryTag, multiple });
    });
  }
  /** While a commit waits for its publishes. */
  onTransactionSettled: (() => void) | null = null;

  info(): Record<string, unknown> {
    return channelInfo(this);
  }

  figures(): ChannelFigures {
    return channelFigures(this);
  }

  #method(type: number, bytes: Buffer, start: number, end: number): void {
    if (type !== frameType.method) {
      this.current = 0;
      throw new AmqpError('UNEXPECTED_FRAME', 'expected method frame, got non method frame instead');
    }
    const id = bytes.readUInt32BE(start);
    this.current = id;
    if (id === publishId) {
      this.#publisher.method(bytes, start + 4, end);
      this.#contentMethod = id;
      this.#expects = Expects.header;
      return;
    }
    const name = methodName(id);
    if (name === undefined) throw unknownMethod(id);
    if (methods[name].content) {
      this.#contentMethod = id;
      this.#expects = Expects.header;
      return;
    }
    this.#dispatch(name, bytes, start + 4, end);
  }

  #header(type: number, bytes: Buffer, start: number, end: number): void {
    this.current = this.#contentMethod;
    if (type !== frameType.header) {
      this.#expects = Expects.method;
      const text = 'expected content header for class 60, got non content header frame instead';
      throw new AmqpError('UNEXPECTED_FRAME', text);
    }
    if (this.#publisher.header(bytes, start, end)) this.#content();
    else this.#expects = Expects.body;
  }

  #body(type: number, bytes: Buffer, start: number, end: number): void {
    this.current = this.#contentMethod;
    if (type !== frameType.body) {
      this.#expects = Expects.method;
      const text = 'expected content body, got non content body frame instead';
      throw new AmqpError('UNEXPECTED_FRAME', text);
    }
    if (this.#publisher.body(bytes, start, end)) this.#content();
  }

  #content(): void {
    this.#expects = Expects.method;
    if (this.state !== 'running') this.#notRunning(null);
    else if (this.transaction?.committing) throw committing();
    else if (this.#contentMethod === publishId) this.#publisher.publish();
    else throw new AmqpError('COMMAND_INVALID', 'unimplemented method');
  }

  #dispatch(name: MethodName, bytes: Buffer, start: number, end: number): void {
    const args = decodeArguments(name, bytes, start, end);
    if (this.state !== 'running' && this.#notRunning(name)) return;
    if (this.transaction?.committing && name !== 'channel.close') throw committing();
    const handler = channelMethods[name];
    if (handler === undefined) throw new AmqpError('COMMAND_INVALID', 'unimplemented method');
    const work = handler(this, args as never);
    if (work !== undefined) this.pauseFor(work);
  }

  /** What a channel takes that is not open, or that was closed by us; true when it is dealt with. */
  #notRunning(name: MethodName | null): boolean {
    if (name === 'channel.open') return false;
    if (this.state === 'starting') throw new AmqpError('CHANNEL_ERROR', "expected 'channel.open'");
    if (name === 'channel.close') this.output.write(encodeMethod(this.number, 'channel.close-ok', {}));
    if (name === 'channel.close-ok') this.connection.forget(this);
    return true;
  }
}

function unknownMethod(id: number): AmqpError {
  return new AmqpError('COMMAND_INVALID', `unknown method ${id & 0xffff} of class ${id >>> 16}`);
}

function committing(): AmqpError {
  return new AmqpError('CHANNEL_ERROR', "unexpected command while processing 'tx.commit'");
}
