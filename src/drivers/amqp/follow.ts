/**
 * Follows an exchange from a queue of its own, which goes with the connection: exclusive, auto-delete, and
 * bounded, so that a reader that does not keep up costs the broker no more than `maxLength` messages.
 */
import type { Channel, ConsumeMessage } from 'amqplib';
import { WarrenError } from '../../errors/warren-error.js';
import { openConnection } from './connection.js';
import { type ReceivedMessage, received } from './received.js';

export interface Following {
  readonly url: string;
  /** What the connection is called, and what is said to have ended. */
  readonly name: string;
  readonly exchange: string;
  /** Binding keys. */
  readonly keys: readonly string[];
  readonly maxLength: number;
  readonly signal: AbortSignal;
  /** Called once everything that is published from now on will be seen. */
  ready(): Promise<void>;
  /** False when it has seen enough. */
  onMessage(message: ReceivedMessage): boolean;
  /** The queue was full: messages were dropped. */
  onDropped(): void;
}

const checkMs = 1_000;

export async function follow(following: Following): Promise<void> {
  const connection = await openConnection(following.url, following.name);
  try {
    await take(await connection.createChannel(), following);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function take(channel: Channel, following: Following): Promise<void> {
  let stop: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const end = new Promise<void>((resolve, reject) => {
    stop = resolve;
    fail = reject;
  });
  end.catch(() => {});
  const refused = (error: Error) =>
    WarrenError.of(
      'AMQP_CLOSED',
      { doing: `following exchange ${following.exchange}`, reason: error.message },
      { cause: error },
    );
  const closed = (error: Error) => fail(refused(error));
  channel.on('error', closed);
  channel.on('close', () => closed(new Error('the connection was closed')));
  following.signal.addEventListener('abort', () => stop(), { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      autoDelete: true,
      durable: false,
      maxLength: following.maxLength,
    });
    for (const key of following.keys) await channel.bindQueue(queue, following.exchange, key);
    await channel.prefetch(1_000);
    await channel.consume(queue, onDelivery);
    timer = setInterval(() => {
      channel.checkQueue(queue).then(
        ({ messageCount }) => messageCount >= following.maxLength && following.onDropped(),
        () => {},
      );
    }, checkMs);
    await following.ready();
    await end;
  } catch (error) {
    throw error instanceof WarrenError ? error : refused(error as Error);
  } finally {
    clearInterval(timer);
  }

  function onDelivery(message: ConsumeMessage | null): void {
    if (message === null) {
      closed(new Error('its queue was deleted'));
      return;
    }
    const more = following.onMessage(received(message));
    channel.ack(message);
    if (!more) stop();
  }
}
