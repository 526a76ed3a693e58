/**
 * Sequences of operations on three queues and four exchanges, made by chance, and how one is played on an engine.
 * Each operation is answered before the next begins, so the transcript is the same wherever the engine is.
 */
import type { ConfirmChannel, GetMessage, Message, MessageFields } from 'amqplib';
import fc from 'fast-check';
import { confirmed } from './confirmed.js';
import type { Stage } from './stage.js';
import { show } from './transcript.js';

const queue = fc.constantFrom('a', 'b', 'c');
/** `other` has an alternate exchange, `fanout`. */
const exchange = fc.constantFrom('direct', 'fanout', 'topic', 'other');
const key = fc.constantFrom('k', 'k.l', 'm', '');
const pattern = fc.constantFrom('k', 'k.*', '#', 'm', '*');

const queueArguments = fc.constantFrom<Record<string, unknown>>(
  {},
  {},
  { 'x-max-length': 2 },
  { 'x-max-length': 2, 'x-overflow': 'reject-publish' },
  { 'x-max-length': 1, 'x-overflow': 'reject-publish-dlx', 'x-dead-letter-exchange': 'direct' },
  { 'x-max-length': 0 },
  { 'x-max-length-bytes': 6 },
  { 'x-dead-letter-exchange': 'topic' },
  { 'x-queue-mode': 'lazy' },
  { 'x-max-priority': 3 },
  { 'x-dead-letter-exchange': 'fanout' },
  { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'c', 'x-max-length': 1 },
  { 'x-message-ttl': 0 },
);

const operation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('declare' as const), queue, args: queueArguments }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('bind' as const), queue, exchange, pattern }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unbind' as const), queue, exchange, pattern }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('join' as const), to: exchange, from: exchange, pattern }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      exchange: fc.oneof(fc.constant(''), exchange),
      key: fc.oneof(key, queue),
      body: fc.constantFrom('1', '22', '333', '4444444'),
      priority: fc.nat(4),
      mandatory: fc.boolean(),
      cc: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(queue, { maxLength: 2 })),
      bcc: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(key, { maxLength: 2 })),
      expiration: fc.constantFrom(undefined, undefined, undefined, '0', '600000'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      queue,
      prefetch: fc.integer({ min: 1, max: 3 }),
      noAck: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('get' as const), queue, noAck: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('ack' as const, 'requeue' as const, 'reject' as const),
      which: fc.nat(5),
      all: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), queue }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('delete' as const), queue, ifEmpty: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('count' as const), queue }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never;

export const sequence = fc.array(operation, { minLength: 10, maxLength: 40 });

export async function play(t: Stage, operations: readonly Operation[]): Promise<void> {
  const player = new Player(t);
  await player.open();
  for (const type of ['direct', 'fanout', 'topic']) await player.channel.assertExchange(type, type);
  await player.channel.assertExchange('other', 'direct', { alternateExchange: 'fanout' });
  for (const each of operations) await player.play(each);
  for (const name of ['a', 'b', 'c']) await player.drain(name);
}

class Player {
  channel!: ConfirmChannel;
  /** Got and not settled, oldest first. */
  private held: Message[] = [];
  private returned = 0;

  constructor(private readonly t: Stage) {}

  /** The first channel, and a new one when the broker closed the last: what was held goes back by itself. */
  async open(): Promise<void> {
    this.channel = await this.t.plainConfirmChannel();
    this.held = [];
    this.channel.on('error', () => {});
    this.channel.on('return', () => {
      this.returned += 1;
    });
  }

  async play(operation: Operation): Promise<void> {
    try {
      this.t.say(show(operation), (await this.perform(operation)) ?? 'done');
    } catch (error) {
      this.t.say(show(operation), (error as Error).message);
      await this.open();
    }
  }

  async drain(name: string): Promise<void> {
    try {
      for (let got = await this.get(name, true); got !== 'empty'; got = await this.get(name, true))
        this.t.say(`left in ${name}`, got);
    } catch (error) {
      this.t.say(`left in ${name}`, (error as Error).message);
      await this.open();
    }
  }

  private async perform(op: Operation): Promise<unknown> {
    const { channel } = this;
    switch (op.do) {
      case 'declare':
        return channel.assertQueue(op.queue, { durable: false, arguments: op.args });
      case 'bind':
        return channel.bindQueue(op.queue, op.exchange, op.pattern);
      case 'unbind':
        return channel.unbindQueue(op.queue, op.exchange, op.pattern);
      case 'join':
        return channel.bindExchange(op.to, op.from, op.pattern);
      case 'publish':
        return this.publish(op);
      case 'get':
        return this.get(op.queue, op.noAck);
      case 'take':
        return this.take(op);
      case 'recover':
        this.held = [];
        return channel.recover();
      case 'purge':
        return channel.purgeQueue(op.queue);
      case 'delete':
        return channel.deleteQueue(op.queue, { ifEmpty: op.ifEmpty });
      case 'count':
        return channel.checkQueue(op.queue);
      default:
        return this.settle(op.do, op.which, op.all);
    }
  }

  private async publish(op: Extract<Operation, { do: 'publish' }>): Promise<string> {
    const before = this.returned;
    const { priority, mandatory, expiration, cc, bcc } = op;
    const headers = { ...(cc.length > 0 && { CC: cc }), ...(bcc.length > 0 && { BCC: bcc }) };
    const options = { priority, mandatory, headers, ...(expiration && { expiration }) };
    const answer = await confirmed(this.channel, op.exchange, op.key, op.body, options);
    return `${answer}, ${this.returned - before} returned`;
  }

  /**
   * A consumer for as long as it takes to get what is there, or as many as it may hold. What a queue gave before it
   * answered is with the channel then, and goes to the client before the answer to what it asks next.
   */
  private async take(op: Extract<Operation, { do: 'take' }>): Promise<unknown> {
    const { channel } = this;
    const taken: unknown[] = [];
    const take = (message: Message | null) => message && taken.push(this.told(message, op.noAck));
    await channel.prefetch(op.prefetch);
    const { consumerTag } = await channel.consume(op.queue, take, { noAck: op.noAck });
    for (let asked = 0; asked < 2; asked++) await channel.checkQueue(op.queue);
    await channel.cancel(consumerTag);
    return taken;
  }

  private async get(name: string, noAck: boolean): Promise<unknown> {
    const message = await this.channel.get(name, { noAck });
    return message === false ? 'empty' : this.told(message, noAck);
  }

  private told(message: Message, noAck: boolean): unknown {
    if (!noAck) this.held.push(message);
    const { content, fields, properties } = message;
    const { redelivered, exchange, routingKey, deliveryTag } = fields;
    const { messageCount } = fields as Partial<MessageFields & GetMessage['fields']>;
    const { headers, priority, expiration } = properties;
    return {
      content,
      redelivered,
      exchange,
      routingKey,
      messageCount,
      deliveryTag,
      headers,
      priority,
      expiration,
    };
  }

  private settle(how: 'ack' | 'requeue' | 'reject', which: number, all: boolean): string {
    if (this.held.length === 0) return 'nothing held';
    const index = which % this.held.length;
    const [message] = this.held.slice(index);
    this.held.splice(all ? 0 : index, all ? index + 1 : 1);
    if (how === 'ack') this.channel.ack(message!, all);
    else this.channel.nack(message!, all, how === 'requeue');
    return `tag ${message!.fields.deliveryTag}`;
  }
}
