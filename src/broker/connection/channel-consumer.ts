/**
 * A subscription on a channel: hands deliveries of its queue to the client.
 *
 * Consecutive deliveries mostly differ in delivery tag and body only (same exchange, routing key, property
 * bytes and body size). So the whole run of frames of one delivery is kept as a template; the next one like it
 * is a copy of the template with the tag, the redelivered bit and the body written over.
 */
import type { Message } from '../core/message.js';
import type { ChannelIdentity, Consumer, Queue } from '../core/queue-port.js';
import type { FieldTable } from '../protocol/field-table.js';
import { emptyFrameSize, frameEnd } from '../protocol/frame.js';
import { encodeMethod } from '../protocol/method-codec.js';
import type { Channel } from './channel.js';
import { writeContent } from './content-writer.js';

export interface Subscription {
  tag: string;
  noAck: boolean;
  exclusive: boolean;
  priority: number;
  prefetch: number;
  arguments: FieldTable;
}

/** Bodies above this are not worth a template: copying them dominates. */
const largestTemplate = 4096;

export class ChannelConsumer implements Consumer {
  readonly tag: string;
  readonly noAck: boolean;
  readonly exclusive: boolean;
  readonly priority: number;
  readonly prefetch: number;
  readonly arguments: FieldTable;
  readonly channel: ChannelIdentity;
  /** The queue it was opened on; null once it is cancelled. */
  queue: Queue | null;
  #announced = false;
  readonly #announcement: (() => void) | null;
  readonly #tagOffset: number;

  #template: Buffer = none;
  #exchange = '';
  #routingKey = '';
  #properties: Buffer = none;
  #bodySize = -1;
  /** Of the last message, so that a template is only made for what repeats. */
  #candidate: Message | null = null;

  constructor(
    private readonly owner: Channel,
    subscription: Subscription,
    queue: Queue,
    announcement: (() => void) | null,
  ) {
    this.tag = subscription.tag;
    this.noAck = subscription.noAck;
    this.exclusive = subscription.exclusive;
    this.priority = subscription.priority;
    this.prefetch = subscription.prefetch;
    this.arguments = subscription.arguments;
    this.channel = owner.identity;
    this.queue = queue;
    this.#announcement = announcement;
    this.#tagOffset = 7 + 4 + 1 + Buffer.byteLength(subscription.tag);
  }

  get ready(): boolean {
    return this.owner.ready && this.#announced;
  }

  /** Sends consume-ok, once: it goes before the first delivery. */
  announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#announcement?.();
  }

  deliver(queue: Queue, position: number, message: Message, redelivered: boolean): void {
    this.announce();
    const deliveryTag = this.owner.delivering(this, queue, position, message, redelivered);
    if (deliveryTag === 0) return;
    if (
      message.properties === this.#properties &&
      message.body.length === this.#bodySize &&
      message.routingKey === this.#routingKey &&
      message.exchange === this.#exchange
    ) {
      this.#writeTemplate(deliveryTag, message.body, redelivered);
    } else this.#writeWhole(deliveryTag, message, redelivered);
  }

  cancelled(queue: Queue): void {
    if (this.queue === null) return;
    this.queue = null;
    this.owner.consumerCancelled(this, queue);
  }

  #writeTemplate(deliveryTag: number, body: Buffer, redelivered: boolean): void {
    const { output } = this.owner;
    const template = this.#template;
    output.reserve(template.length);
    const { buffer, position } = output;
    buffer.set(template, position);
    const at = position + this.#tagOffset;
    if (deliveryTag > 0xffffffff) buffer.writeUInt32BE(Math.floor(deliveryTag / 0x100000000), at);
    buffer[at + 4] = deliveryTag >>> 24;
    buffer[at + 5] = deliveryTag >>> 16;
    buffer[at + 6] = deliveryTag >>> 8;
    buffer[at + 7] = deliveryTag;
    buffer[at + 8] = redelivered ? 1 : 0;
    const end = position + template.length;
    if (body.length > 0) buffer.set(body, end - 1 - body.length);
    output.position = end;
  }

  #writeWhole(deliveryTag: number, message: Message, redelivered: boolean): void {
    const { owner } = this;
    const { exchange, routingKey } = message;
    const method = encodeMethod(owner.number, 'basic.deliver', {
      consumerTag: this.tag,
      deliveryTag,
      redelivered,
      exchange,
      routingKey,
    });
    const repeats = this.#repeats(message);
    const { output } = owner;
    if (!repeats) {
      writeContent(output, owner.number, method, message, owner.frameMax);
      return;
    }
    const size = method.length + 2 * emptyFrameSize + 12 + message.properties.length + message.body.length;
    output.reserve(size);
    const start = output.position;
    writeContent(output, owner.number, method, message, owner.frameMax);
    this.#keep(Buffer.from(output.buffer.subarray(start, output.position)), message);
  }

  #repeats(message: Message): boolean {
    const last = this.#candidate;
    this.#candidate = message;
    const { body } = message;
    if (last === null || body.length === 0 || body.length > largestTemplate) return false;
    return (
      last.properties === message.properties &&
      last.body.length === body.length &&
      last.exchange === message.exchange &&
      last.routingKey === message.routingKey &&
      (this.owner.frameMax === 0 || body.length + emptyFrameSize <= this.owner.frameMax)
    );
  }

  #keep(written: Buffer, message: Message): void {
    written.fill(0, this.#tagOffset, this.#tagOffset + 9);
    written[written.length - 1] = frameEnd;
    this.#template = written;
    this.#exchange = message.exchange;
    this.#routingKey = message.routingKey;
    this.#properties = message.properties;
    this.#bodySize = message.body.length;
    this.#candidate = null;
  }
}

const none = Buffer.alloc(0);
