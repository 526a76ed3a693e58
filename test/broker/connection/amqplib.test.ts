/** A client that is not ours, against connections over the real core. */
import amqp, { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AmqpListener } from '../../../src/broker/connection/listener.js';
import { coreBroker } from './core-broker.js';
import { serve } from './serve.js';

let core: Awaited<ReturnType<typeof coreBroker>>;
let listener: AmqpListener;
let url: string;
let connection: ChannelModel;
let channel: ConfirmChannel;

beforeAll(async () => {
  core = await coreBroker();
  const served = await serve({ broker: core.broker });
  listener = served.listener;
  url = `amqp://guest:guest@127.0.0.1:${served.port}`;
});
afterAll(async () => {
  await listener.close('test is over');
  core.stop();
});

beforeEach(async () => {
  connection = await amqp.connect(url);
  connection.on('error', () => {});
  channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
});
afterEach(async () => {
  await connection.close().catch(() => {});
});

async function collect(from: Channel, queue: string, count: number): Promise<ConsumeMessage[]> {
  const got: ConsumeMessage[] = [];
  return new Promise((resolve, reject) => {
    const take = (message: ConsumeMessage | null) => {
      if (message === null) return;
      got.push(message);
      from.ack(message);
      if (got.length === count) resolve(got);
    };
    from.consume(queue, take).catch(reject);
  });
}

test('publishes with confirms and consumes with a prefetch, in order, whatever the sizes', async () => {
  const { queue } = await channel.assertQueue('', { exclusive: true });
  const sizes = [0, 1, 16, 4096, 131_064, 131_065, 400_000, 16, 16, 16];
  await channel.prefetch(3);
  const received = collect(channel, queue, sizes.length);
  for (const [index, size] of sizes.entries()) {
    const options = { messageId: `${index}`, headers: { index }, persistent: index % 2 === 0 };
    channel.sendToQueue(queue, Buffer.alloc(size, index), options);
  }
  await channel.waitForConfirms();
  for (const [index, message] of (await received).entries()) {
    expect(message.properties.messageId).toBe(`${index}`);
    expect(message.properties.headers).toEqual({ index });
    expect(message.content.equals(Buffer.alloc(sizes[index]!, index))).toBe(true);
  }
});

test('thousands of messages of all shapes through a topic exchange arrive once each, in order', async () => {
  await channel.assertExchange('events', 'topic', { durable: false });
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'events', 'order.#');
  await channel.prefetch(50);
  const received = collect(channel, queue, 5000);
  for (let index = 0; index < 5000; index++) {
    const key = index % 3 === 0 ? 'order.created' : `order.${index % 7}.paid`;
    channel.publish('events', key, Buffer.from(`${index}`), { priority: index % 2, type: key });
    if (index % 10 === 0) channel.publish('events', 'other', Buffer.from('not bound'));
  }
  const bodies = (await received).map(({ content }) => Number(content.toString()));
  expect(bodies).toEqual(Array.from({ length: 5000 }, (_, index) => index));
});

test('what was not acknowledged is delivered again to the next consumer, first', async () => {
  const { queue } = await channel.assertQueue('again');
  for (const body of ['1', '2', '3']) channel.sendToQueue(queue, Buffer.from(body));
  await channel.waitForConfirms();
  const other = await connection.createChannel();
  await new Promise<void>((resolve) => {
    let count = 0;
    other.consume(queue, () => {
      if (++count === 2) resolve();
    });
  });
  await other.close();
  const messages = await collect(channel, queue, 3);
  expect(messages.map(({ content }) => content.toString())).toEqual(['1', '2', '3']);
  expect(messages[0]!.fields.redelivered).toBe(true);
  await channel.deleteQueue(queue);
});

test('an exclusive queue is gone when close is answered', async () => {
  await channel.assertQueue('mine', { exclusive: true });
  await connection.close();
  connection = await amqp.connect(url);
  const again = await connection.createChannel();
  again.on('error', () => {});
  await expect(again.checkQueue('mine')).rejects.toThrow("NOT_FOUND - no queue 'mine' in vhost '/'");
});

test('a refusal closes the channel only', async () => {
  await expect(channel.checkExchange('nope')).rejects.toThrow("NOT_FOUND - no exchange 'nope' in vhost '/'");
  channel = await connection.createConfirmChannel();
  await channel.assertQueue('', { exclusive: true });
});

test('a wrong password is told', async () => {
  await expect(amqp.connect(url.replace('guest:guest', 'guest:wrong'))).rejects.toThrow(
    /403 \(ACCESS-REFUSED\)|ACCESS_REFUSED/,
  );
});
