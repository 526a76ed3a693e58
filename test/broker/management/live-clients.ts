/** The clients of the `live` scenario: what they did is counted exactly, whatever the engine. */
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

export interface LiveClients {
  close(): Promise<void>;
}

const persistent = { persistent: true };

export async function liveClients(port: number): Promise<LiveClients> {
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const [publisher, consumer] = await Promise.all([
    connect(url, { clientProperties: { connection_name: 'publisher' } }),
    connect(url, { clientProperties: { connection_name: 'consumer' } }),
  ]);
  for (const connection of [publisher, consumer]) connection.on('error', () => {});
  const confirmed = await publisher.createConfirmChannel();
  for (const each of [confirmed]) each.on('error', () => {});
  await declare(confirmed);
  await publish(confirmed);
  await consume(consumer);
  return {
    close: async () => {
      await Promise.all([publisher, consumer].map((connection) => connection.close().catch(() => {})));
    },
  };
}

async function declare(channel: ConfirmChannel): Promise<void> {
  await channel.assertQueue('live.work', { durable: true });
  await channel.assertQueue('live.fan', { durable: false, arguments: { 'x-max-length': 100 } });
  await channel.assertQueue('live.own', { exclusive: true });
  await channel.assertExchange('live.x', 'fanout', { durable: true });
  await channel.bindQueue('live.fan', 'live.x', '');
}

/** 10 to the work queue, 6 to the fanout exchange, 2 that reach nobody (one wants to know). */
async function publish(channel: ConfirmChannel): Promise<void> {
  for (let index = 0; index < 10; index++) channel.publish('', 'live.work', Buffer.from('hello'), persistent);
  for (let index = 0; index < 6; index++) channel.publish('live.x', '', Buffer.from('b'));
  channel.publish('', 'nowhere', Buffer.from('b'));
  channel.publish('', 'nowhere', Buffer.from('b'), { mandatory: true });
  await channel.waitForConfirms();
  await channel.get('live.fan', { noAck: true });
  await channel.get('live.own', { noAck: true });
}

/** Takes 7 at a time and acknowledges the first 4: 4 acknowledged, 6 stay unacknowledged. */
async function consume(connection: ChannelModel): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  await channel.prefetch(7);
  let seen = 0;
  await new Promise<void>((resolve) => {
    const took = (message: import('amqplib').ConsumeMessage | null) => {
      if (message === null) return;
      seen++;
      if (seen <= 4) channel.ack(message);
      if (seen === 10) resolve();
    };
    void channel.consume('live.work', took, { consumerTag: 'tag-1', priority: 3 });
  });
}
