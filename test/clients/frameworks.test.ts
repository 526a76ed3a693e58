/** Frameworks on top of amqplib, with the setting-up and the reconnecting that they do by themselves. */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientProxy,
  ClientProxyFactory,
  Ctx,
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  type RmqContext,
  Transport,
} from '@nestjs/microservices';
import { type ChannelWrapper, connect } from 'amqp-connection-manager';
import { type ConfirmChannel, connect as plainConnect } from 'amqplib';
import { firstValueFrom, timeout } from 'rxjs';
import { expect } from 'vitest';
import type { EngineNode } from '../engines/node.js';
import { until } from '../engines/until.js';
import { onBothEngines } from './on-both-engines.js';

onBothEngines('amqp-connection-manager', async (node) => {
  const queue = 'clients-manager';
  const connection = connect([node.url], { reconnectTimeInSeconds: 0.1 });
  const channel: ChannelWrapper = connection.createChannel({
    json: true,
    setup: async (raw: ConfirmChannel) => {
      await raw.assertQueue(queue, { durable: true });
      await raw.prefetch(2);
    },
  });
  const received: number[] = [];
  await channel.consume(queue, (message) => {
    received.push(JSON.parse(message.content.toString()));
    channel.ack(message);
  });
  for (const number of [1, 2, 3]) await channel.sendToQueue(queue, number, { persistent: true });
  await until('three messages', async () => received.length === 3);
  await closeConnections(node);
  for (const number of [4, 5]) await channel.sendToQueue(queue, number, { persistent: true });
  await until('the consumer is back', async () => received.includes(5));
  expect(received.filter((number, index) => received.indexOf(number) === index)).toEqual([1, 2, 3, 4, 5]);
  await channel.close();
  await connection.close();
  await deleteQueue(node, queue);
});

/** An operator closes every connection; the framework comes back by itself. */
async function closeConnections(node: EngineNode): Promise<void> {
  const { status, stderr } = await node.ctl('close_all_connections', '--vhost', '/', 'maintenance');
  expect({ status, stderr }).toMatchObject({ status: 0 });
}

onBothEngines('NestJS', async (node) => {
  const queue = 'clients-nest';
  const events: string[] = [];
  class Hares {
    sum(numbers: number[]): number {
      return numbers.reduce((total, number) => total + number, 0);
    }
    seen(name: string, context: RmqContext): void {
      events.push(name);
      context.getChannelRef().ack(context.getMessage());
    }
  }
  decorate(Hares);
  class Root {}
  Module({ controllers: [Hares] })(Root);
  const options = { urls: [node.url], queue, queueOptions: { durable: false }, prefetchCount: 5 };
  const server = await NestFactory.createMicroservice<MicroserviceOptions>(Root, {
    transport: Transport.RMQ,
    options: { ...options, noAck: false },
    logger: false,
  });
  await server.listen();
  const client: ClientProxy = ClientProxyFactory.create({ transport: Transport.RMQ, options });
  const ask = (pattern: string, data: unknown) =>
    firstValueFrom(client.send(pattern, data).pipe(timeout(10_000)));
  expect(await Promise.all([ask('sum', [1, 2]), ask('sum', [3, 4, 5]), ask('sum', [])])).toEqual([3, 12, 0]);
  await firstValueFrom(client.emit('seen', 'hazel'));
  await until('the event', async () => events.length === 1);
  expect(events).toEqual(['hazel']);
  await client.close();
  await server.close();
  await deleteQueue(node, queue);
});

/** What @Controller and its sisters do, without the compiler option that they need. */
function decorate(type: new () => object): void {
  const { prototype } = type as { prototype: Record<string, unknown> };
  const on = (name: string, ...decorators: (MethodDecorator | undefined)[]) => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
    for (const decorator of decorators) decorator?.(prototype, name, descriptor);
  };
  Controller()(type);
  on('sum', MessagePattern('sum'));
  on('seen', EventPattern('seen'));
  Payload()(prototype, 'sum', 0);
  Payload()(prototype, 'seen', 0);
  Ctx()(prototype, 'seen', 1);
}

async function deleteQueue(node: EngineNode, queue: string): Promise<void> {
  const connection = await plainConnect(node.url);
  const channel = await connection.createChannel();
  await channel.deleteQueue(queue);
  await connection.close();
}
