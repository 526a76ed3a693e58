/**
 * The publishing half of a channel: puts together basic.publish, content header and body frames, and routes the
 * message.
 *
 * Publishers repeat themselves, so the octets of the last publish method and of the last property list are kept:
 * equal octets mean the same exchange, routing key and properties, and nothing is decoded again; equal property
 * lists share one buffer, by which the delivering side recognises them. The route of an exchange is kept as long
 * as the virtual host's `generation` says that nothing it depends on has changed.
 */
import type { ExchangeRoute } from '../core/broker-port.js';
import type { Message } from '../core/message.js';
import { AmqpError } from '../protocol/amqp-error.js';
import { decodeShortString } from '../protocol/method-codec.js';
import { idOf } from '../protocol/methods.js';
import {
  noProperties,
  type PropertyScan,
  property,
  propertyFlags,
  scanProperties,
} from '../protocol/properties.js';
import type { Channel } from './channel.js';
import { invalidExpiration } from './expiration.js';

/** Above it the size is not believed. */
const largestBody = 536_870_912;
const replyTo = 'amq.rabbitmq.reply-to';
const basicClass = 60;

export const publishId = idOf(60, 40);

export class Publisher {
  #method: Buffer = none;
  #exchange = '';
  #routingKey = '';
  #mandatory = false;
  #immediate = false;

  #properties: Buffer = noProperties;
  #scan: PropertyScan = { persistent: false, priority: 0, expiration: -1, flags: 0 };
  /** Whether the last properties ask for nothing that is checked per message. */
  #plain = true;

  #bodySize = 0;
  #body: Buffer = none;
  #received = 0;

  #route: ExchangeRoute | null = null;
  #generation = -1;

  constructor(private readonly channel: Channel) {}

  /** basic.publish: its arguments are `bytes` from `start` to `end`. */
  method(bytes: Buffer, start: number, end: number): void {
    const last = this.#method;
    if (end - start === last.length && same(bytes, start, last)) return;
    this.#method = none;
    this.#parse(bytes, start, end);
    this.#method = Buffer.from(bytes.subarray(start, end));
  }

  /** The content header; true when no body follows. */
  header(bytes: Buffer, start: number, end: number): boolean {
    const classId = (bytes[start]! << 8) | bytes[start + 1]!;
    const weight = (bytes[start + 2]! << 8) | bytes[start + 3]!;
    if (classId !== basicClass || weight !== 0) throw unexpectedHeader(classId, weight);
    const high = bytes.readUInt32BE(start + 4);
    this.#bodySize = high === 0 ? bytes.readUInt32BE(start + 8) : high * 0x100000000;
    if (this.#bodySize > largestBody) {
      const size = bytes.readBigUInt64BE(start + 4);
      const text = `content body size ${size} exceeds maximum allowed size ${largestBody}`;
      throw new AmqpError('FRAME_ERROR', text);
    }
    const from = start + 12;
    const last = this.#properties;
    if (end - from !== last.length || !same(bytes, from, last)) {
      this.#properties = Buffer.from(bytes.subarray(from, end));
      this.#scan = unread;
    }
    this.#received = 0;
    this.#body = none;
    return this.#bodySize === 0;
  }

  /** A body frame; true when the body is whole. */
  body(bytes: Buffer, start: number, end: number): boolean {
    const length = end - start;
    const left = this.#bodySize - this.#received;
    if (length > left)
      throw new AmqpError('FRAME_ERROR', 'content body frame exceeds remaining content size');
    if (this.#received === 0 && length === left) {
      this.#body = keep(bytes, start, end);
      return true;
    }
    this.#gather(bytes, start, end);
    return this.#received === this.#bodySize;
  }

  /** All of it is there: routes it, or holds it back for the transaction's commit. */
  publish(): void {
    const { channel } = this;
    const { maxMessageSize } = channel.connection.context.config;
    if (this.#bodySize > maxMessageSize) {
      const text = `message size ${this.#bodySize} is larger than configured max size ${maxMessageSize}`;
      throw new AmqpError('PRECONDITION_FAILED', text);
    }
    if (this.#immediate) throw new AmqpError('NOT_IMPLEMENTED', 'immediate=true');
    const route = this.#routeOf(this.#exchange);
    const message = this.#message();
    route.checkTopic?.(message.routingKey);
    const { properties: sent } = message;
    const queues = route.route(message);
    const { tracer } = channel.vhost;
    if (tracer !== null) tracer.published(message, sent, queues, channel.identity);
    channel.counters.publish++;
    if (queues.length === 0 && this.#isReply(message)) channel.deliverReply(message);
    if (channel.transaction !== null) channel.transaction.publish(message, queues, this.#mandatory);
    else if (channel.confirms === null) {
      for (let index = 0; index < queues.length; index++) queues[index]!.publish(message, null, 0);
      if (queues.length === 0) channel.unroutable(message, this.#mandatory);
    } else channel.publishConfirmed(message, queues, this.#mandatory);
    this.#body = none;
  }

  #message(): Message {
    if (this.#scan === unread) this.#read();
    const scan = this.#scan;
    const message: Message = {
      exchange: this.#exchange,
      routingKey: this.#routingKey,
      properties: this.#properties,
      body: this.#body,
      persistent: scan.persistent,
      priority: scan.priority,
      expiration: scan.expiration,
    };
    return this.#plain ? message : this.#checked(message);
  }

  #read(): void {
    try {
      this.#scan = scanProperties(this.#properties);
    } catch (error) {
      if (error instanceof AmqpError && error.scope === 'channel') throw error;
      // RabbitMQ's channel does not survive a property list that it cannot parse.
      this.#properties = noProperties;
      this.#scan = { persistent: false, priority: 0, expiration: -1, flags: 0 };
      this.#plain = true;
      throw new AmqpError('INTERNAL_ERROR', '');
    }
    const asks = propertyFlags.userId | propertyFlags.replyTo;
    this.#plain = (this.#scan.flags & asks) === 0 && !Number.isNaN(this.#scan.expiration);
  }

  #checked(message: Message): Message {
    const { properties } = message;
    let answer = message;
    if (property(properties, 'replyTo') === replyTo) {
      answer = { ...message, properties: this.channel.replyProperties(properties) };
    }
    const user = property(properties, 'userId');
    const { principal } = this.channel.requester;
    if (user !== undefined && user !== principal.user && !principal.tags.includes('impersonator')) {
      const text = `user_id property set to '${user}' but authenticated user was '${principal.user}'`;
      throw new AmqpError('PRECONDITION_FAILED', text);
    }
    if (Number.isNaN(message.expiration)) throw invalidExpiration(property(properties, 'expiration') ?? '');
    return answer;
  }

  #isReply(message: Message): boolean {
    return message.exchange === '' && message.routingKey.startsWith(`${replyTo}.`);
  }

  #routeOf(exchange: string): ExchangeRoute {
    const { vhost, requester } = this.channel;
    const known = this.#route;
    if (known !== null && this.#generation === vhost.generation && known.name === exchange) return known;
    const { generation } = vhost;
    const route = vhost.publishable(exchange, requester);
    this.#route = route;
    this.#generation = generation;
    return route;
  }

  #parse(bytes: Buffer, start: number, end: number): void {
    const exchange = start + 2;
    const key = exchange + 1 + (bytes[exchange] ?? 0);
    const bits = key + 1 + (bytes[key] ?? 0);
    if (bits + 1 !== end) {
      const octets = [...bytes.subarray(start, Math.min(end, start + 128))].join(',');
      throw new AmqpError('FRAME_ERROR', `cannot decode <<${octets}>>`);
    }
    this.#exchange = decodeShortString(bytes, exchange + 1, key);
    this.#routingKey = decodeShortString(bytes, key + 1, bits);
    this.#mandatory = (bytes[bits]! & 1) !== 0;
    this.#immediate = (bytes[bits]! & 2) !== 0;
  }

  /** A body in several frames: room for it grows with what arrives, whatever the header promised. */
  #gather(bytes: Buffer, start: number, end: number): void {
    const needed = this.#received + end - start;
    if (this.#body.length < needed) {
      const room = Math.min(this.#bodySize, Math.max(needed, this.#body.length * 2, 262_144));
      const larger = Buffer.allocUnsafeSlow(room);
      this.#body.copy(larger, 0, 0, this.#received);
      this.#body = larger;
    }
    bytes.copy(this.#body, this.#received, start, end);
    this.#received = needed;
  }
}

const none = Buffer.alloc(0);
const unread: PropertyScan = { persistent: false, priority: 0, expiration: -1, flags: -1 };

function same(bytes: Buffer, start: number, last: Buffer): boolean {
  for (let index = 0; index < last.length; index++) {
    if (bytes[start + index] !== last[index]) return false;
  }
  return true;
}

/** A body that is a small part of the chunk it came in is copied, so that it does not keep the chunk alive. */
function keep(bytes: Buffer, start: number, end: number): Buffer {
  const part = bytes.subarray(start, end);
  return (end - start) * 4 < bytes.length ? Buffer.from(part) : part;
}

function unexpectedHeader(classId: number, weight: number): AmqpError {
  const got = weight !== 0 ? 'got non content header frame instead' : `got one for class ${classId} instead`;
  return new AmqpError('UNEXPECTED_FRAME', `expected content header for class ${basicClass}, ${got}`);
}
