/**
 * Direct reply-to (https://www.rabbitmq.com/direct-reply-to.html): a consumer of the pseudo-queue
 * amq.rabbitmq.reply-to gets an address; messages published with that reply-to carry it, and what is published to
 * it through the default exchange goes straight to the consumer's channel, without a queue. The address names
 * the node, so that replies find their way between the nodes of a cluster.
 */
import { randomBytes } from 'node:crypto';
import type { Message } from '../core/message.js';
import { AmqpError } from '../protocol/amqp-error.js';
import { decodeProperties, encodeProperties } from '../protocol/properties.js';
import type { Channel } from './channel.js';

export const replyQueue = 'amq.rabbitmq.reply-to';

/** The way to reply consumers on other nodes. */
export interface RemoteReplies {
  deliver(node: string, key: string, message: Message): void;
  exists(node: string, key: string): Promise<boolean>;
}

export class Replies {
  readonly #channels = new Map<string, Channel>();
  readonly #node: string;

  constructor(
    node: string,
    private readonly remote: RemoteReplies | null,
  ) {
    this.#node = node;
  }

  subscribe(channel: Channel, tag: string, noAck: boolean): void {
    if (!noAck) throw new AmqpError('PRECONDITION_FAILED', 'reply consumer cannot acknowledge');
    if (channel.replyConsumer !== null) {
      throw new AmqpError('PRECONDITION_FAILED', 'reply consumer already set');
    }
    const key = randomBytes(16).toString('base64url');
    const address = `${replyQueue}.${Buffer.from(this.#node).toString('base64url')}.${key}`;
    channel.replyConsumer = { tag, address };
    this.#channels.set(key, channel);
  }

  unsubscribe(channel: Channel): void {
    if (channel.replyConsumer === null) return;
    this.#channels.delete(parse(channel.replyConsumer.address)!.key);
    channel.replyConsumer = null;
  }

  /** The properties with the channel's reply address in place of the pseudo-queue's name. */
  addressed(properties: Buffer, channel: Channel): Buffer {
    if (channel.replyConsumer === null) {
      throw new AmqpError('PRECONDITION_FAILED', 'fast reply consumer does not exist');
    }
    return encodeProperties({ ...decodeProperties(properties), replyTo: channel.replyConsumer.address });
  }

  /** Hands on a message whose routing key is a reply address; one that nobody waits for is dropped. */
  deliver(message: Message): void {
    const to = parse(message.routingKey);
    if (to === null) return;
    if (to.node === this.#node) this.deliverLocal(to.key, message);
    else this.remote?.deliver(to.node, to.key, message);
  }

  deliverLocal(key: string, message: Message): void {
    const channel = this.#channels.get(key);
    if (channel?.replyConsumer == null) return;
    channel.counters.deliverNoAck++;
    const { exchange, routingKey } = message;
    const deliveryTag = channel.nextDeliveryTag();
    const consumerTag = channel.replyConsumer.tag;
    const delivered = { consumerTag, deliveryTag, redelivered: false, exchange, routingKey };
    channel.sendContent('basic.deliver', delivered, message);
  }

  async exists(address: string): Promise<boolean> {
    const to = parse(address);
    if (to === null) return false;
    if (to.node === this.#node) return this.existsLocal(to.key);
    return (await this.remote?.exists(to.node, to.key)) ?? false;
  }

  existsLocal(key: string): boolean {
    return this.#channels.has(key);
  }
}

function parse(address: string): { node: string; key: string } | null {
  const [node, key, more] = address.slice(replyQueue.length + 1).split('.');
  if (!node || !key || more !== undefined) return null;
  return { node: Buffer.from(node, 'base64url').toString(), key };
}
