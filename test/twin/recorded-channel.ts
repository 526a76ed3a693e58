/**
 * An amqplib channel that writes down everything that is asked and answered. It
 * never throws: a refusal is a line like any other, so a scenario reads straight
 * through.
 *
 * What the broker sends by itself (returns, confirms, cancellations, the close)
 * arrives between answers at moments that differ from run to run. Its order among
 * itself counts, its place among the answers does not: it is kept in a list of its
 * own, and written down where the scenario calls `events` or `confirms`, the rest
 * at the end. The same holds for each consumer's deliveries (`take`).
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, ConfirmChannel, ConsumeMessage, GetMessage, Message, Options } from 'amqplib';
import type { Transcript } from './transcript.js';

type Recorded =
  | 'assertQueue'
  | 'checkQueue'
  | 'deleteQueue'
  | 'purgeQueue'
  | 'bindQueue'
  | 'unbindQueue'
  | 'assertExchange'
  | 'checkExchange'
  | 'deleteExchange'
  | 'bindExchange'
  | 'unbindExchange'
  | 'cancel'
  | 'prefetch'
  | 'recover'
  | 'close';

export class RecordedChannel {
  private readonly pending: [string, ...unknown[]][] = [];
  private readonly consumers: RecordedConsumer[] = [];
  private published = 0;

  constructor(
    private readonly channel: Channel | ConfirmChannel,
    private readonly label: string,
    private readonly transcript: Transcript,
  ) {
    const note = (event: string) => (value: unknown) => this.pending.push([event, value]);
    channel.on('error', (error) => note('error')(error.message));
    channel.on('close', () => note('closed')(''));
    channel.on('return', (message) => note('returned')(plain(message)));
    channel.on('cancel', note('cancelled'));
  }

  assertQueue = this.recorded('assertQueue');
  checkQueue = this.recorded('checkQueue');
  deleteQueue = this.recorded('deleteQueue');
  purgeQueue = this.recorded('purgeQueue');
  bindQueue = this.recorded('bindQueue');
  unbindQueue = this.recorded('unbindQueue');
  assertExchange = this.recorded('assertExchange');
  checkExchange = this.recorded('checkExchange');
  deleteExchange = this.recorded('deleteExchange');
  bindExchange = this.recorded('bindExchange');
  unbindExchange = this.recorded('unbindExchange');
  cancel = this.recorded('cancel');
  prefetch = this.recorded('prefetch');
  recover = this.recorded('recover');
  close = this.recorded('close');

  /** On a confirm channel the outcome becomes an event, numbered by publish. */
  publish(
    exchange: string,
    routingKey: string,
    content: string | Buffer,
    options: Options.Publish = {},
  ): void {
    this.published += 1;
    const number = this.published;
    const bytes = Buffer.from(content);
    this.say('publish', exchange, routingKey, bytes, options);
    this.attempt(() => {
      if (!('waitForConfirms' in this.channel))
        return this.channel.publish(exchange, routingKey, bytes, options);
      return this.channel.publish(exchange, routingKey, bytes, options, (error: unknown) =>
        this.pending.push([error ? 'nacked' : 'acked', number]),
      );
    });
  }

  async get(queue: string, options: Options.Get = {}): Promise<GetMessage | undefined> {
    const answer = await this.answer('get', [queue, options], () => this.channel.get(queue, options), plain);
    return answer || undefined;
  }

  async consume(queue: string, options: Options.Consume = {}): Promise<RecordedConsumer> {
    const consumer = new RecordedConsumer(`${this.label}.c${this.consumers.length + 1}`, this.transcript);
    this.consumers.push(consumer);
    const reply = await this.answer('consume', [queue, options], () =>
      this.channel.consume(queue, (message) => consumer.receive(message), options),
    );
    consumer.tag = reply?.consumerTag ?? '';
    return consumer;
  }

  /** Messages ready in a queue, behind all that was published on this channel; not written down. */
  async ready(queue: string): Promise<number> {
    return (await this.channel.checkQueue(queue)).messageCount;
  }

  ack(message: Message | undefined, allUpTo = false): void {
    this.say('ack', tagOf(message), { allUpTo });
    this.attempt(() => this.channel.ack(message!, allUpTo));
  }

  nack(message: Message | undefined, allUpTo = false, requeue = true): void {
    this.say('nack', tagOf(message), { allUpTo, requeue });
    this.attempt(() => this.channel.nack(message!, allUpTo, requeue));
  }

  reject(message: Message | undefined, requeue = true): void {
    this.say('reject', tagOf(message), { requeue });
    this.attempt(() => this.channel.reject(message!, requeue));
  }

  /** Waits until the broker has answered every publish, and writes down what it said. */
  async confirms(): Promise<void> {
    if ('waitForConfirms' in this.channel) await this.channel.waitForConfirms().catch(() => {});
    this.flush();
  }

  /** Lets the broker speak, and writes down what it said. */
  async events(): Promise<void> {
    await pause(this.transcript.quiet);
    this.flush();
  }

  /** The end of the scenario: everything not written down yet. */
  finish(): void {
    this.flush();
    for (const consumer of this.consumers) consumer.flush();
  }

  private flush(): void {
    for (const [event, ...values] of this.pending.splice(0)) this.say(event, ...values);
  }

  private say(what: string, ...values: unknown[]): void {
    this.transcript.say(`${this.label} ${what}`, ...values);
  }

  private attempt(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      this.say('  threw', (error as Error).message);
    }
  }

  private recorded<M extends Recorded>(method: M) {
    type Reply = Awaited<ReturnType<Channel[M]>>;
    return (...args: Parameters<Channel[M]>): Promise<Reply | undefined> =>
      this.answer(method, args, () =>
        (this.channel[method] as (...args: unknown[]) => Promise<Reply>)(...args),
      );
  }

  private async answer<T>(
    what: string,
    args: unknown[],
    ask: () => Promise<T>,
    view: (reply: T) => unknown = (reply) => reply,
  ): Promise<T | undefined> {
    try {
      const reply = await ask();
      this.say(what, ...args, '→', view(reply));
      return reply;
    } catch (error) {
      this.say(what, ...args, '✗', (error as Error).message);
      return undefined;
    }
  }
}

export class RecordedConsumer {
  tag = '';
  private readonly waiting: (ConsumeMessage | null)[] = [];

  constructor(
    private readonly label: string,
    private readonly transcript: Transcript,
  ) {}

  receive(message: ConsumeMessage | null): void {
    this.waiting.push(message);
  }

  /** The next deliveries, written down; fewer when they do not come. */
  async take(count: number, patience = 15_000): Promise<ConsumeMessage[]> {
    const deadline = Date.now() + patience;
    while (this.waiting.length < count && Date.now() < deadline) await pause(5);
    return this.note(this.waiting.splice(0, count));
  }

  /** What has arrived once the broker is quiet, written down; an empty answer says so. */
  async rest(): Promise<ConsumeMessage[]> {
    await pause(this.transcript.quiet);
    if (this.waiting.length === 0) this.transcript.say(`${this.label} received nothing`);
    return this.flush();
  }

  flush(): ConsumeMessage[] {
    return this.note(this.waiting.splice(0));
  }

  private note(messages: (ConsumeMessage | null)[]): ConsumeMessage[] {
    for (const message of messages) {
      if (message) this.transcript.say(`${this.label} received`, plain(message));
      else this.transcript.say(`${this.label} was cancelled by the broker`);
    }
    return messages.filter((message) => message !== null);
  }
}

function plain(message: Message | false): unknown {
  if (!message) return 'empty';
  const { content, fields, properties } = message;
  return { content, ...fields, properties };
}

function tagOf(message: Message | undefined): unknown {
  return message?.fields.deliveryTag ?? 'no message';
}
