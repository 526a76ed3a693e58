import type { Duplex } from 'node:stream';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { WarrenError } from '../../errors/warren-error.js';
import { openConnection } from './connection.js';
import { relayTo } from './relay.js';

export interface RoundTrip {
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
  readonly messages: number;
  /** Opens a way to the broker. */
  readonly through: () => Promise<Duplex>;
  readonly timeoutMs: number;
  readonly durable?: DurableQueue | undefined;
}

/** Declared besides, given a message, looked at and deleted. */
export interface DurableQueue {
  readonly queue: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly look: () => Promise<void>;
}

/**
 * Real messages there and back: published persistent, each confirmed, and each
 * consumed once. The queue is exclusive, so it goes with the connection,
 * however that ends. The AMQP client wants a port, so it gets one on the
 * loopback address that leads where `through` leads, for as long as it takes.
 * A broker that blocks its publishers says so, and is not waited for.
 */
export async function roundTrip(trip: RoundTrip): Promise<void> {
  const relay = await relayTo(trip.through);
  const count: Count = { confirmed: 0, consumed: 0 };
  try {
    const url = relay.url(trip);
    const late = AbortSignal.timeout(trip.timeoutMs);
    await Promise.race([
      sendAndReceive(url, trip, count),
      new Promise((_, reject) => {
        const problem = `it was not over after ${trip.timeoutMs / 1000} s`;
        const why = () => reject(relay.failure() ?? failed(count, problem));
        late.addEventListener('abort', why, { once: true });
      }),
    ]);
  } catch (error) {
    throw relay.failure() ?? error;
  } finally {
    relay.close();
  }
}

interface Count {
  confirmed: number;
  consumed: number;
}

function failed({ confirmed, consumed }: Count, problem: string): WarrenError {
  return WarrenError.of('VERIFY_FAILED', { published: confirmed, consumed, problem });
}

async function sendAndReceive(url: string, trip: RoundTrip, count: Count): Promise<void> {
  const connection = await openConnection(url, 'warren verify');
  const blocked = new Promise<never>((_, reject) => {
    connection.once('blocked', (reason) => reject(WarrenError.of('PUBLISHERS_BLOCKED', { reason })));
  });
  try {
    await Promise.race([converse(connection, trip, count), blocked]);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function converse(
  connection: ChannelModel,
  { messages, durable }: RoundTrip,
  count: Count,
): Promise<void> {
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
  const { queue } = await channel.assertQueue('', { exclusive: true });
  const seen = new Map<string, number>();
  const allSeen = new Promise<void>((resolve) => {
    channel
      .consume(queue, (message) => {
        if (message === null) return;
        const body = message.content.toString();
        seen.set(body, (seen.get(body) ?? 0) + 1);
        count.consumed = seen.size;
        channel.ack(message);
        if (seen.size === messages) resolve();
      })
      .catch(() => {});
  });
  for (let i = 0; i < messages; i++)
    channel.sendToQueue(queue, Buffer.from(String(i)), { persistent: true }, (error) => {
      if (error === null) count.confirmed += 1;
    });
  await channel.waitForConfirms();
  await allSeen;
  const twice = [...seen.values()].filter((times) => times > 1).length;
  if (twice > 0) throw failed(count, `${twice} duplicated`);
  if (durable) await keep(channel, durable);
}

/** A queue that is replicated, with a message in it, for as long as it is looked at. */
async function keep(channel: ConfirmChannel, { queue, arguments: given, look }: DurableQueue): Promise<void> {
  await channel.assertQueue(queue, { durable: true, arguments: given });
  try {
    channel.sendToQueue(queue, Buffer.from('kept'), { persistent: true });
    await channel.waitForConfirms();
    await look();
  } finally {
    await (channel as Channel).deleteQueue(queue).catch(() => {});
  }
}
