/**
 * A subscription on a channel: hands deliveries of its queue to the client.
 *
 * Consecutive deliveries mostly differ in delivery tag and body only (same exchange, routing key and property
 * bytes). So everything before the body is kept as a template; the next one like it is a copy of the template with
 * the tag, the redelivered bit and the body's size written over, and the body behind it.
 */
import type { Message } from '../core/message.js';
import type { ChannelIdentity, Consumer, Queue } from '../core/queue-port.js';
import type { FieldTable } from '../protocol/field-table.js';
import { emptyFrameSize, frameEnd, frameHeaderSize } from '../protocol/frame.js';
import { encodeMethod } from '../protocol/method-codec.js';
import type { Channel } from './channel.js';
import { contentHead, writeContent, writeSize } from './content-writer.js';
import { largestCopiedBody } from './output.js';

export interface Subscription {
  tag: string;
  noAck: boolean;
  exclusive: boolean;
  priority: number;
  prefetch: number;
  arguments: FieldTable;
}

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

  /** Method frame, content header frame, and the head of the body's frame; none as long as nothing repeated. */
  #template: Buffer = none;
  #exchange = '';
  #routingKey = '';
  #properties: Buffer | null = null;
  /** Where the content header has the low half of the body's size. */
  #sizeOffset = 0;
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
      message.routingKey === this.#routingKey &&
      message.exchange === this.#exchange &&
      this.#fitsOneFrame(message.body)
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
    const { length } = body;
    const copied = length <= largestCopiedBody;
    output.reserve(template.length + (copied ? length + 1 : 0));
    const { buffer, position } = output;
    buffer.set(template, position);
    const at = position + this.#tagOffset;
    if (deliveryTag > 0xffffffff) buffer.writeUInt32BE(Math.floor(deliveryTag / 0x100000000), at);
    buffer[at + 4] = deliveryTag >>> 24;
    buffer[at + 5] = deliveryTag >>> 16;
    buffer[at + 6] = deliveryTag >>> 8;
    buffer[at + 7] = deliveryTag;
    buffer[at + 8] = redelivered ? 1 : 0;
    const start = position + template.length;
    writeSize(buffer, position + this.#sizeOffset, length);
    writeSize(buffer, start - 4, length);
    output.position = start;
    if (copied) {
      buffer.set(body, start);
      buffer[start + length] = frameEnd;
      output.position = start + length + 1;
    } else {
      output.writeBody(body, 0, length);
      output.reserve(1);
      output.buffer[output.position++] = frameEnd;
    }
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
    if (this.#repeats(message)) this.#keep(method, message);
    writeContent(owner.output, owner.number, method, message, owner.frameMax);
  }

  #fitsOneFrame({ length }: Buffer): boolean {
    const { frameMax } = this.owner;
    return length > 0 && (frameMax === 0 || length + emptyFrameSize <= frameMax);
  }

  #repeats(message: Message): boolean {
    const last = this.#candidate;
    this.#candidate = message;
    return (
      last !== null &&
      last.properties === message.properties &&
      last.exchange === message.exchange &&
      last.routingKey === message.routingKey
    );
  }

  #keep(method: Buffer, message: Message): void {
    this.#template = contentHead(this.owner.number, method, message);
    this.#sizeOffset = method.length + frameHeaderSize + 8;
    this.#exchange = message.exchange;
    this.#routingKey = message.routingKey;
    this.#properties = message.properties;
    this.#candidate = null;
  }
}

const none = Buffer.alloc(0);
