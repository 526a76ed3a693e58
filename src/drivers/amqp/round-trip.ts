import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WarrenError } from '../../errors/warren-error.js';
import { openConnection } from './connection.js';

export interface RoundTrip {
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
  readonly messages: number;
  /** Opens a way to the broker. */
  readonly through: () => Promise<Duplex>;
  readonly timeoutMs: number;
}

/**
 * Real messages there and back: published persistent, each confirmed, and each
 * consumed once. The queue is exclusive, so it goes with the connection,
 * however that ends. The AMQP client wants a port, so it gets one on the
 * loopback address that leads where `through` leads, for as long as it takes.
 */
export async function roundTrip(trip: RoundTrip): Promise<void> {
  const relay = await relayTo(trip.through);
  try {
    const { port } = relay.server.address() as AddressInfo;
    const login = `${encodeURIComponent(trip.user)}:${encodeURIComponent(trip.password)}`;
    const url = `amqp://${login}@127.0.0.1:${port}/${encodeURIComponent(trip.vhost)}`;
    const late = AbortSignal.timeout(trip.timeoutMs);
    await Promise.race([
      sendAndReceive(url, trip.messages),
      new Promise((_, reject) => {
        const why = () => reject(relay.failure() ?? new Error(`not over after ${trip.timeoutMs / 1000} s`));
        late.addEventListener('abort', why, { once: true });
      }),
    ]);
  } catch (error) {
    throw relay.failure() ?? error;
  } finally {
    relay.close();
  }
}

async function sendAndReceive(url: string, messages: number): Promise<void> {
  const connection = await openConnection(url, 'warren verify');
  try {
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
          channel.ack(message);
          if (seen.size === messages) resolve();
        })
        .catch(() => {});
    });
    for (let i = 0; i < messages; i++)
      channel.sendToQueue(queue, Buffer.from(String(i)), { persistent: true });
    await channel.waitForConfirms();
    await allSeen;
    const twice = [...seen.values()].filter((times) => times > 1).length;
    if (twice > 0) {
      const facts = { published: messages, consumed: seen.size, problem: `${twice} duplicated` };
      throw WarrenError.of('VERIFY_FAILED', facts);
    }
  } finally {
    await connection.close().catch(() => {});
  }
}

interface Relay {
  readonly server: Server;
  failure(): unknown;
  close(): void;
}

async function relayTo(through: () => Promise<Duplex>): Promise<Relay> {
  let failed: unknown;
  const open = new Set<Duplex>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    through().then(
      (far) => {
        open.add(far);
        pipeline(socket, far, socket).catch(() => socket.destroy());
      },
      (error) => {
        failed = error;
        socket.destroy();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    failure: () => failed,
    close() {
      server.close();
      for (const one of open) one.destroy();
    },
  };
}
