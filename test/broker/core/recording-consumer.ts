import type { Message } from '../../../src/broker/core/message.js';
import type { Consumer, Queue } from '../../../src/broker/core/queue-port.js';
import type { FieldTable } from '../../../src/broker/protocol/field-table.js';

export interface Received {
  queue: Queue;
  position: number;
  message: Message;
  body: string;
  redelivered: boolean;
}

/** A consumer that writes down what it is given. */
export class RecordingConsumer implements Consumer {
  readonly received: Received[] = [];
  /** By body. */
  readonly #last = new Map<string, Received>();
  ready = true;
  isCancelled = false;
  readonly tag: string;
  readonly noAck: boolean;
  readonly exclusive: boolean;
  readonly priority: number;
  readonly prefetch: number;
  readonly arguments: FieldTable;
  readonly channel = { node: 'warren@test', connection: 'a -> b', number: 1, user: 'guest' };

  constructor(
    given: Partial<
      Pick<Consumer, 'tag' | 'noAck' | 'exclusive' | 'priority' | 'prefetch' | 'arguments'>
    > = {},
  ) {
    this.tag = given.tag ?? 'tag';
    this.noAck = given.noAck ?? false;
    this.exclusive = given.exclusive ?? false;
    this.priority = given.priority ?? 0;
    this.prefetch = given.prefetch ?? 0;
    this.arguments = given.arguments ?? [];
  }

  get bodies(): string[] {
    return this.received.map(({ body }) => body);
  }

  deliver(queue: Queue, position: number, message: Message, redelivered: boolean): void {
    const received = { queue, position, message, body: message.body.toString(), redelivered };
    this.received.push(received);
    this.#last.set(received.body, received);
  }

  cancelled(): void {
    this.isCancelled = true;
  }

  /** Acknowledges the delivery of this body. */
  acknowledge(body: string): void {
    const { queue, position } = this.#delivery(body);
    queue.acknowledge(this, position);
  }

  requeue(body: string): void {
    const { queue, position } = this.#delivery(body);
    queue.requeue(this, position);
  }

  reject(body: string): void {
    const { queue, position } = this.#delivery(body);
    queue.reject(this, position);
  }

  #delivery(body: string): Received {
    const found = this.#last.get(body);
    if (found === undefined) throw new Error(`nothing with body ${body} was delivered`);
    return found;
  }
}
