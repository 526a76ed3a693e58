/** Class basic (AMQP 0-9-1, 1.8) without basic.publish, which has a path of its own in `publisher`. */
import { randomBytes } from 'node:crypto';
import type { Queue } from '../../core/queue-port.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Arguments } from '../../protocol/methods.js';
import type { Channel } from '../channel.js';
import { ChannelConsumer } from '../channel-consumer.js';
import { consumerPriority } from '../consumer-arguments.js';
import { Getter } from '../getter.js';
import { queueOrLast } from '../names.js';
import { replyQueue } from '../replies.js';
import type { Settlement } from '../transaction.js';
import type { Handlers } from './index.js';

export const basicMethods = {
  'basic.qos': (channel, { prefetchSize, prefetchCount, global }) => {
    if (prefetchSize !== 0) throw new AmqpError('NOT_IMPLEMENTED', `prefetch_size!=0 (${prefetchSize})`);
    if (!global) channel.prefetch = prefetchCount;
    channel.send('basic.qos-ok');
    channel.limitUnacked(global ? prefetchCount : 0);
    return undefined;
  },

  'basic.consume': async (channel, args) => {
    const name = queueOrLast(channel, args.queue);
    if (channel.consumers.has(args.consumerTag)) {
      throw new AmqpError('NOT_ALLOWED', `attempt to reuse consumer tag '${args.consumerTag}'`);
    }
    const tag = args.consumerTag === '' ? newConsumerTag() : args.consumerTag;
    const announce = () => {
      if (!args.nowait) channel.send('basic.consume-ok', { consumerTag: tag });
    };
    if (name === replyQueue) {
      channel.connection.context.replies.subscribe(channel, tag, args.noAck);
      announce();
      return;
    }
    const queue = channel.vhost.readableQueue(name, channel.requester);
    if (channel.globalPrefetch !== 0 && queue.row.type !== 'classic') {
      const text = `queue '${name}' in vhost '${channel.vhost.name}' does not support global qos`;
      throw new AmqpError('NOT_IMPLEMENTED', text);
    }
    await subscribe(channel, queue, tag, args, announce);
  },

  'basic.cancel': async (channel, { consumerTag, nowait }) => {
    const consumer = channel.consumers.get(consumerTag);
    if (channel.replyConsumer?.tag === consumerTag) channel.connection.context.replies.unsubscribe(channel);
    else if (consumer !== undefined) {
      channel.consumers.delete(consumerTag);
      const { queue } = consumer;
      consumer.queue = null;
      await queue?.cancel(consumer);
    }
    if (!nowait) channel.send('basic.cancel-ok', { consumerTag });
  },

  'basic.get': async (channel, args) => {
    const queue = channel.vhost.readableQueue(queueOrLast(channel, args.queue), channel.requester);
    await get(channel, queue, args.noAck);
  },

  'basic.ack': (channel, { deliveryTag, multiple }) => settle(channel, 'acknowledge', deliveryTag, multiple),

  'basic.nack': (channel, { deliveryTag, multiple, requeue }) =>
    settle(channel, requeue ? 'requeue' : 'reject', deliveryTag, multiple),

  'basic.reject': (channel, { deliveryTag, requeue }) =>
    settle(channel, requeue ? 'requeue' : 'reject', deliveryTag, false),

  'basic.recover': (channel, { requeue }) => {
    recover(channel, requeue, () => channel.send('basic.recover-ok'));
    return undefined;
  },

  'basic.recover-async': (channel, { requeue }) => {
    recover(channel, requeue, () => {});
    return undefined;
  },
} satisfies Handlers;

function newConsumerTag(): string {
  return `amq.ctag-${randomBytes(16).toString('base64url')}`;
}

async function subscribe(
  channel: Channel,
  queue: Queue,
  tag: string,
  args: Arguments<'basic.consume'>,
  announce: () => void,
): Promise<void> {
  const subscription = {
    tag,
    noAck: args.noAck,
    exclusive: args.exclusive,
    priority: consumerPriority(args.arguments),
    prefetch: channel.prefetch,
    arguments: args.arguments,
  };
  const consumer = new ChannelConsumer(channel, subscription, queue, announce);
  channel.consumers.set(tag, consumer);
  try {
    await queue.consume(consumer);
  } catch (error) {
    if (channel.consumers.get(tag) === consumer) channel.consumers.delete(tag);
    throw error;
  }
  if (channel.state !== 'running') return;
  consumer.announce();
  if (consumer.ready) consumer.queue?.resume(consumer);
}

async function get(channel: Channel, queue: Queue, noAck: boolean): Promise<void> {
  const getter = new Getter(channel.identity, noAck);
  const delivery = await queue.get(getter);
  const { counters } = channel;
  if (channel.state !== 'running') {
    if (delivery !== null && !noAck) queue.requeue(getter, delivery.position);
    return;
  }
  if (delivery === null) {
    counters.getEmpty++;
    channel.send('basic.get-empty');
    return;
  }
  const { message, redelivered, position, remaining } = delivery;
  const deliveryTag = channel.nextDeliveryTag();
  if (!noAck) channel.unacked.add(deliveryTag, getter, queue, position);
  counters[noAck ? 'getNoAck' : 'get']++;
  if (redelivered) counters.redeliver++;
  channel.vhost.tracer?.delivered(message, queue, redelivered, channel.identity);
  const { exchange, routingKey } = message;
  const got = { deliveryTag, redelivered, exchange, routingKey, messageCount: remaining };
  channel.sendContent('basic.get-ok', got, message);
}

/** With `multiple`, tag 0 is everything outstanding (1.8.3.13.1). */
function settle(channel: Channel, settlement: Settlement, deliveryTag: number, multiple: boolean): undefined {
  const visit = channel.settling(settlement);
  const { unacked } = channel;
  if (multiple && deliveryTag === 0) unacked.takeAll(visit);
  else if (!(multiple ? unacked.takeThrough(deliveryTag, visit) : unacked.take(deliveryTag, visit))) {
    throw new AmqpError('PRECONDITION_FAILED', `unknown delivery tag ${shown(deliveryTag)}`);
  }
  channel.becomeReady();
}

/** The largest tag, 2^64 - 1, is the one beyond exact numbers that clients really send. */
function shown(deliveryTag: number): string {
  return BigInt.asUintN(64, BigInt(deliveryTag) - (deliveryTag === 2 ** 64 ? 1n : 0n)).toString();
}

/** Only with requeue: RabbitMQ has never redelivered to the same consumer. */
function recover(channel: Channel, requeue: boolean, answer: () => void): void {
  if (!requeue) throw new AmqpError('NOT_IMPLEMENTED', 'requeue=false');
  answer();
  channel.unacked.takeAll((consumer, queue, position) =>
    channel.settleNow('requeue', consumer, queue, position),
  );
  channel.becomeReady();
}
