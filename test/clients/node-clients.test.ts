/** Three Node clients, each with a codec of its own: publish with confirms, consume, acknowledge. */
import { AMQPClient } from '@cloudamqp/amqp-client';
import { connect } from 'amqplib';
import { Connection } from 'rabbitmq-client';
import { expect } from 'vitest';
import type { EngineNode } from '../engines/node.js';
import { onBothEngines } from './on-both-engines.js';

const bodies = ['one', 'two', 'three'];

onBothEngines('amqplib', async (node) => {
  const connection = await connect(node.url);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('clients-amqplib', { durable: true });
  for (const body of bodies)
    channel.sendToQueue('clients-amqplib', Buffer.from(body), { persistent: true, headers: { body } });
  await channel.waitForConfirms();
  const received: string[] = [];
  await new Promise<void>((resolve) => {
    void channel.consume('clients-amqplib', (message) => {
      received.push(message!.content.toString());
      expect(message!.properties.headers).toEqual({ body: message!.content.toString() });
      channel.ack(message!);
      if (received.length === bodies.length) resolve();
    });
  });
  expect(received).toEqual(bodies);
  await channel.close();
  await expectEmptyAfterClose(node, 'clients-amqplib', () => connection.close());
});

onBothEngines('rabbitmq-client', async (node) => {
  const connection = new Connection(node.url);
  const publisher = connection.createPublisher({
    confirm: true,
    queues: [{ queue: 'clients-rabbitmq-client', durable: true }],
  });
  for (const body of bodies)
    await publisher.send({ routingKey: 'clients-rabbitmq-client', durable: true }, { body });
  const received: unknown[] = [];
  await new Promise<void>((resolve) => {
    const consumer = connection.createConsumer(
      { queue: 'clients-rabbitmq-client', queueOptions: { durable: true }, qos: { prefetchCount: 1 } },
      async (message) => {
        received.push((message.body as { body: string }).body);
        if (received.length === bodies.length) setImmediate(() => void consumer.close().then(resolve));
      },
    );
  });
  expect(received).toEqual(bodies);
  await publisher.close();
  await expectEmptyAfterClose(node, 'clients-rabbitmq-client', () => connection.close());
});

onBothEngines('@cloudamqp/amqp-client', async (node) => {
  const client = new AMQPClient(node.url);
  const connection = await client.connect();
  const channel = await connection.channel();
  await channel.confirmSelect();
  await channel.queueDeclare('clients-cloudamqp', { durable: true });
  for (const body of bodies) await channel.basicPublish('', 'clients-cloudamqp', body, { deliveryMode: 2 });
  await channel.basicQos(1);
  const received: (string | null)[] = [];
  await new Promise<void>((resolve) => {
    void channel.basicConsume('clients-cloudamqp', { noAck: false }, async (message) => {
      received.push(message.bodyString());
      await message.ack();
      if (received.length === bodies.length) resolve();
    });
  });
  await channel.close();
  expect(received).toEqual(bodies);
  await expectEmptyAfterClose(node, 'clients-cloudamqp', () => connection.close());
});

/** Everything was acknowledged: nothing comes back once the consumer has gone. */
async function expectEmptyAfterClose(
  node: EngineNode,
  queue: string,
  close: () => Promise<unknown>,
): Promise<void> {
  await close();
  const connection = await connect(node.url);
  const channel = await connection.createChannel();
  expect(await channel.deleteQueue(queue)).toEqual({ messageCount: 0 });
  await connection.close();
}
