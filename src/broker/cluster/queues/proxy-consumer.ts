/**
 * Stands at the leader for a consumer, or getter, of another node: delivers onto the link as far as it has
 * credit, and keeps in mind what is outstanding, so that it can be requeued when the link ends.
 */
import type { Message } from '../../core/message.js';
import type { ChannelIdentity, Consumer, Queue } from '../../core/queue-port.js';
import type { FieldTable } from '../../protocol/field-table.js';
import { frameTypes } from '../link/frame.js';
import type { Link } from '../link/link.js';
import { type ConsumerCard, type Settlement, writeDelivery } from './wire.js';

export class ProxyConsumer implements Consumer {
  readonly number: number;
  readonly tag: string;
  readonly noAck: boolean;
  readonly exclusive: boolean;
  readonly priority: number;
  readonly prefetch: number;
  readonly arguments: FieldTable;
  readonly channel: ChannelIdentity;
  readonly #outstanding = new Set<number>();
  /** No longer subscribed, or never was (a getter). */
  ended = false;
  #credit: number;

  constructor(
    card: ConsumerCard,
    readonly queue: Queue,
    private readonly link: Link,
    credit: number,
  ) {
    this.number = card.number;
    this.tag = card.tag;
    this.noAck = card.noAck;
    this.exclusive = card.exclusive;
    this.priority = card.priority;
    this.prefetch = card.prefetch;
    this.arguments = card.arguments;
    this.channel = card.channel;
    this.#credit = credit;
  }

  get ready(): boolean {
    return this.#credit > 0 && !this.link.closed;
  }

  /** Nothing of it is left to be settled. */
  get settled(): boolean {
    return this.ended && this.#outstanding.size === 0;
  }

  deliver(_queue: Queue, position: number, message: Message, redelivered: boolean): void {
    this.#credit--;
    if (!this.noAck) this.#outstanding.add(position);
    writeDelivery(this.link, this.number, position, redelivered, message);
  }

  cancelled(): void {
    this.ended = true;
    if (this.link.closed) return;
    const at = this.link.outbox.reserve(frameTypes.cancelled, 4);
    this.link.outbox.block.writeUInt32BE(this.number, at);
  }

  credit(more: number): void {
    this.#credit += more;
    this.queue.resume(this);
  }

  /** Taken by basic.get. */
  got(position: number): void {
    this.#outstanding.add(position);
  }

  settle(kind: Settlement, position: number): void {
    if (this.#outstanding.delete(position)) this.queue[kind](this, position);
  }

  /** Its node is gone: everything goes back to the queue, but not to itself. */
  async giveBack(): Promise<void> {
    const left = this.ended ? Promise.resolve() : this.queue.cancel(this);
    this.ended = true;
    for (const position of this.#outstanding) this.queue.requeue(this, position);
    this.#outstanding.clear();
    await left;
  }
}
