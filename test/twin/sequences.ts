/**
 * Sequences of operations on three queues and three exchanges, made by chance, and how one is played on an engine.
 * Each operation is answered before the next begins, so the transcript is the same wherever the engine is.
 */
import type { ConfirmChannel, GetMessage } from 'amqplib';
import fc from 'fast-check';
import type { Stage } from './stage.js';
import { show } from './transcript.js';

const queue = fc.constantFrom('a', 'b', 'c');
const exchange = fc.constantFrom('direct', 'fanout', 'topic');
const key = fc.constantFrom('k', 'k.l', 'm', '');
const pattern = fc.constantFrom('k', 'k.*', '#', 'm', '*');

const queueArguments = fc.constantFrom<Record<string, unknown>>(
  {},
  {},
  { 'x-max-length': 2 },
  { 'x-max-length': 2, 'x-overflow': 'reject-publish' },
  { 'x-max-length-bytes': 6 },
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
  for (const each of operations) await player.play(each);
  for (const name of ['a', 'b', 'c']) await player.drain(name);
}

class Player {
  channel!: ConfirmChannel;
  /** Got and not settled, oldest first. */
  private held: GetMessage[] = [];
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

  private publish(op: Extract<Operation, { do: 'publish' }>): Promise<string> {
    const before = this.returned;
    const { priority, mandatory } = op;
    return new Promise((resolve) => {
      this.channel.publish(op.exchange, op.key, Buffer.from(op.body), { priority, mandatory }, (refused) =>
        resolve(`${refused ? 'nacked' : 'acked'}, ${this.returned - before} returned`),
      );
    });
  }

  private async get(name: string, noAck: boolean): Promise<unknown> {
    const message = await this.channel.get(name, { noAck });
    if (message === false) return 'empty';
    if (!noAck) this.held.push(message);
    const { content, fields, properties } = message;
    const { redelivered, exchange, routingKey, messageCount, deliveryTag } = fields;
    const { headers, priority } = properties;
    return { content, redelivered, exchange, routingKey, messageCount, deliveryTag, headers, priority };
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
