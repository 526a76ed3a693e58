/**
 * Sequences of policies and operator policies that come, change and go while queues hold messages. What a queue does about
 * it shows in what it confirms, how many messages it has, and which are left at the end.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import fc from 'fast-check';
import { confirmed } from './confirmed.js';
import type { Stage } from './stage.js';
import { show } from './transcript.js';

const queues = ['a', 'b', 'dead'] as const;
const queue = fc.constantFrom(...queues);
const name = fc.constantFrom('one', 'two');
/** Of two with one priority RabbitMQ takes either: here the second has another than the first. */
const priority = fc.constantFrom(0, 2);
const pattern = fc.constantFrom('^[ab]$', '^a', '.*');

const queueArguments = fc.constantFrom<Record<string, unknown>>(
  {},
  {},
  { 'x-max-length': 3 },
  { 'x-overflow': 'reject-publish' },
  { 'x-message-ttl': 600_000 },
  { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' },
  { 'x-max-priority': 2 },
);

const definition = fc.constantFrom<Record<string, unknown>>(
  { 'max-length': 1 },
  { 'max-length': 4, overflow: 'reject-publish' },
  { 'max-length': 2, 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' },
  { 'max-length-bytes': 5, overflow: 'reject-publish-dlx', 'dead-letter-exchange': 'amq.fanout' },
  { 'message-ttl': 0 },
  { 'message-ttl': 900_000, 'max-length': 5 },
  { 'dead-letter-routing-key': 'b' },
  { 'alternate-exchange': 'amq.fanout' },
  { 'queue-mode': 'lazy', expires: 600_000 },
);

/** What an operator may set. */
const limit = fc.constantFrom<Record<string, unknown>>(
  { 'max-length': 2 },
  { 'message-ttl': 0 },
  { 'max-length-bytes': 4, 'message-ttl': 700_000 },
  { expires: 500_000 },
);

const operation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('declare' as const), queue, args: queueArguments }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('policies' as const),
      name,
      pattern,
      priority,
      definition,
      'apply-to': fc.constantFrom('queues', 'all', 'exchanges'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('operator-policies' as const),
      name,
      pattern,
      priority,
      definition: limit,
      'apply-to': fc.constant('queues'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('clear' as const),
      kind: fc.constantFrom('policies', 'operator-policies'),
      name,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      exchange: fc.constantFrom('', '', 'amq.direct'),
      queue,
      body: fc.constantFrom('1', '333'),
      priority: fc.nat(2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('get' as const), queue, how: fc.nat(2) }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never;

export const policyChanges = fc.array(operation, { minLength: 8, maxLength: 25 });

export async function govern(t: Stage, operations: readonly Operation[]): Promise<void> {
  const governed = new Governed(t);
  await governed.open();
  for (const name of queues) await governed.channel.assertQueue(name, { durable: false });
  await governed.channel.bindQueue('dead', 'amq.fanout', '');
  for (const operation of operations) {
    t.say(show(operation), await governed.attempt(operation));
    t.say('queues', await governed.counts());
  }
  for (const queue of queues) t.say(`left in ${queue}`, await governed.drain(queue));
}

class Governed {
  channel!: ConfirmChannel;

  constructor(private readonly t: Stage) {}

  async open(): Promise<void> {
    this.channel = await this.t.plainConfirmChannel();
    this.channel.on('error', () => {});
  }

  async attempt(operation: Operation): Promise<unknown> {
    try {
      return (await this.perform(operation)) ?? 'done';
    } catch (error) {
      await this.open();
      return (error as Error).message;
    }
  }

  /** Policies are taken up behind the answer, and messages leave a moment later. */
  async counts(): Promise<number[]> {
    await pause(60);
    const counts: number[] = [];
    for (const name of queues) counts.push((await this.channel.checkQueue(name)).messageCount);
    return counts;
  }

  private async perform(op: Operation): Promise<unknown> {
    const { channel } = this;
    switch (op.do) {
      case 'declare': {
        await channel.deleteQueue(op.queue);
        await channel.assertQueue(op.queue, { durable: false, arguments: op.args });
        return op.queue === 'dead' ? channel.bindQueue('dead', 'amq.fanout', '') : undefined;
      }
      case 'policies':
      case 'operator-policies': {
        const { do: kind, name, ...given } = op;
        const row = { ...given, priority: given.priority + (name === 'one' ? 0 : 1) };
        const { status, body } = await this.t.node.api('PUT', `${kind}/${this.t.vhost}/${name}`, row);
        return [status, body];
      }
      case 'clear':
        return (await this.t.node.api('DELETE', `${op.kind}/${this.t.vhost}/${op.name}`)).status;
      case 'publish':
        return confirmed(channel, op.exchange, op.queue, op.body, { priority: op.priority });
      case 'get': {
        const message = await channel.get(op.queue, { noAck: op.how === 0 });
        if (message === false) return 'empty';
        if (op.how > 0) channel.nack(message, false, op.how === 1);
        return told(message);
      }
    }
  }

  async drain(queue: string): Promise<unknown[]> {
    const left: unknown[] = [];
    for (;;) {
      const message = await this.channel.get(queue, { noAck: true });
      if (message === false) return left;
      left.push(told(message));
    }
  }
}

function told({ content, properties: { headers, priority } }: GetMessage): unknown {
  return { content, headers, priority };
}
