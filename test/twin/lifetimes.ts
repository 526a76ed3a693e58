/**
 * Sequences of operations on how long queues and exchanges live: auto-delete and exclusive ones, what is bound to them, who
 * consumes, and deletions that hold only for what is unused or empty. After each the queues and exchanges that are left are
 * asked for.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import fc from 'fast-check';
import { confirmed } from './confirmed.js';
import type { Stage } from './stage.js';
import { show } from './transcript.js';

const queues = ['a', 'b'] as const;
const exchanges = ['x', 'y', 'z'] as const;
const queue = fc.constantFrom(...queues);
const exchange = fc.constantFrom(...exchanges);
const key = fc.constantFrom('k', 'l');
/** The second one is another connection's. */
const by = fc.nat(1);

const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('declare queue' as const),
      by,
      queue,
      exclusive: fc.boolean(),
      autoDelete: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('declare exchange' as const),
      exchange,
      type: fc.constantFrom('direct', 'fanout'),
      autoDelete: fc.boolean(),
      internal: fc.boolean(),
      alternate: fc.option(exchange, { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('bind' as const), by, queue, exchange, key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('unbind' as const), by, queue, exchange, key }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('join' as const), from: exchange, to: exchange, key }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('part' as const), from: exchange, to: exchange, key }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('consume' as const), by, queue, exclusive: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), by, which: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('delete queue' as const),
      by,
      queue,
      ifUnused: fc.boolean(),
      ifEmpty: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('delete exchange' as const), exchange, ifUnused: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), exchange, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), by }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never;

export const lifetimes = fc.array(operation, { minLength: 8, maxLength: 25 });

export async function live(t: Stage, operations: readonly Operation[]): Promise<void> {
  const clients = [await Client.connect(t), await Client.connect(t)];
  for (const operation of operations) {
    const client = clients['by' in operation ? operation.by : 0]!;
    t.say(show(operation), await client.attempt(operation));
    t.say('left', await whatIsLeft(t));
  }
}

/** What disappears does so behind the answer to what caused it. */
async function whatIsLeft(t: Stage): Promise<unknown> {
  await pause(40);
  const names = async (kind: string) =>
    ((await t.node.api('GET', `${kind}/${t.vhost}?columns=name`)).body as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => name !== '' && !name.startsWith('amq.'))
      .sort();
  const bindings = (await t.node.api('GET', `bindings/${t.vhost}?columns=source,destination,routing_key`))
    .body as { source: string; destination: string; routing_key: string }[];
  const bound = bindings
    .filter(({ source }) => source !== '')
    .map(({ source, destination, routing_key }) => `${source}-${routing_key}-${destination}`)
    .sort();
  return [await names('queues'), await names('exchanges'), bound];
}

/** One connection with one channel, a new one when the broker closed the last. */
class Client {
  private channel!: ConfirmChannel;
  private consumers: string[] = [];
  private returned = 0;
  private closed: () => void = () => {};

  private constructor(
    private readonly t: Stage,
    private connection: ChannelModel,
  ) {}

  static async connect(t: Stage): Promise<Client> {
    const client = new Client(t, (await t.connection())!);
    await client.open();
    return client;
  }

  private async open(): Promise<void> {
    this.channel = await this.connection.createConfirmChannel();
    this.consumers = [];
    this.channel.on('error', () => {});
    this.channel.on('close', () => this.closed());
    this.channel.on('return', () => {
      this.returned += 1;
    });
  }

  async attempt(operation: Operation): Promise<unknown> {
    try {
      return (await this.perform(operation)) ?? 'done';
    } catch (error) {
      await this.open();
      return (error as Error).message;
    }
  }

  private async perform(op: Operation): Promise<unknown> {
    const { channel } = this;
    switch (op.do) {
      case 'declare queue': {
        const { exclusive, autoDelete } = op;
        return channel.assertQueue(op.queue, { durable: false, exclusive, autoDelete });
      }
      case 'declare exchange': {
        const { autoDelete, internal, alternate: alternateExchange } = op;
        const options = {
          durable: false,
          autoDelete,
          internal,
          ...(alternateExchange && { alternateExchange }),
        };
        return channel.assertExchange(op.exchange, op.type, options);
      }
      case 'bind':
        return channel.bindQueue(op.queue, op.exchange, op.key);
      case 'unbind':
        return channel.unbindQueue(op.queue, op.exchange, op.key);
      case 'join':
        return channel.bindExchange(op.to, op.from, op.key);
      case 'part':
        return channel.unbindExchange(op.to, op.from, op.key);
      case 'consume':
        return this.consume(op.queue, op.exclusive);
      case 'cancel':
        return this.cancel(op.which);
      case 'delete queue':
        return channel.deleteQueue(op.queue, { ifUnused: op.ifUnused, ifEmpty: op.ifEmpty });
      case 'delete exchange':
        return channel.deleteExchange(op.exchange, { ifUnused: op.ifUnused });
      case 'publish':
        return this.publish(op.exchange, op.key);
      case 'leave':
        await this.connection.close();
        this.connection = (await this.t.connection())!;
        return this.open();
    }
  }

  private async consume(queue: string, exclusive: boolean): Promise<string> {
    const options = { noAck: true, exclusive };
    const { consumerTag } = await this.channel.consume(queue, () => {}, options);
    this.consumers.push(consumerTag);
    return 'consuming';
  }

  private async cancel(which: number): Promise<string> {
    if (this.consumers.length === 0) return 'no consumer';
    const [tag] = this.consumers.splice(which % this.consumers.length, 1);
    await this.channel.cancel(tag!);
    return 'cancelled';
  }

  private async publish(exchange: string, key: string): Promise<string> {
    const before = this.returned;
    const closed = new Promise<never>((_, reject) => {
      this.closed = () => reject(new Error('the channel was closed'));
    });
    const answer = await Promise.race([
      closed,
      confirmed(this.channel, exchange, key, 'm', { mandatory: true }),
    ]);
    this.closed = () => {};
    return `${answer}, ${this.returned - before} returned`;
  }
}
