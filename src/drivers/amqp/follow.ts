/**
 * Follows amq.rabbitmq.trace from a queue of its own, which goes with the connection: exclusive, auto-delete, and
 * bounded, so that a reader that does not keep up costs the broker no more than `maxLength` messages.
 */
import type { Channel, ConsumeMessage } from 'amqplib';
import { WarrenError } from '../../errors/warren-error.js';
import { openConnection } from './connection.js';

export interface TraceTail {
  readonly url: string;
  /** Binding keys: `publish.EXCHANGE`, `deliver.QUEUE`. */
  readonly keys: readonly string[];
  readonly maxLength: number;
  readonly signal: AbortSignal;
  /** Called once everything that is published from now on will be seen. */
  ready(): Promise<void>;
  /** False when it has seen enough. */
  onTrace(trace: TracedMessage): boolean;
  /** The queue was full: messages were dropped. */
  onDropped(): void;
}

export interface TracedMessage {
  /** `publish.EXCHANGE` or `deliver.QUEUE`. */
  readonly key: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

const checkMs = 1_000;

export async function tailTrace(tail: TraceTail): Promise<void> {
  const connection = await openConnection(tail.url, 'warren trace tail');
  try {
    await follow(await connection.createChannel(), tail);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function follow(channel: Channel, tail: TraceTail): Promise<void> {
  let stop: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const end = new Promise<void>((resolve, reject) => {
    stop = resolve;
    fail = reject;
  });
  end.catch(() => {});
  const closed = (error: Error) =>
    fail(
      WarrenError.of('AMQP_CLOSED', { doing: 'following traces', reason: error.message }, { cause: error }),
    );
  channel.on('error', closed);
  channel.on('close', () => closed(new Error('the connection was closed')));
  tail.signal.addEventListener('abort', () => stop(), { once: true });
  const timer = setInterval(() => {
    channel.checkQueue(queue).then(
      ({ messageCount }) => messageCount >= tail.maxLength && tail.onDropped(),
      () => {},
    );
  }, checkMs);
  let queue = '';
  try {
    ({ queue } = await channel.assertQueue('', {
      exclusive: true,
      autoDelete: true,
      durable: false,
      maxLength: tail.maxLength,
    }));
    for (const key of tail.keys) await channel.bindQueue(queue, 'amq.rabbitmq.trace', key);
    await channel.prefetch(1_000);
    await channel.consume(queue, (message) => take(message));
    await tail.ready();
    await end;
  } catch (error) {
    throw error instanceof WarrenError
      ? error
      : WarrenError.of('AMQP_CLOSED', { doing: 'following traces', reason: (error as Error).message });
  } finally {
    clearInterval(timer);
  }

  function take(message: ConsumeMessage | null): void {
    if (message === null) {
      closed(new Error('its queue was deleted'));
      return;
    }
    const { headers = {} } = message.properties;
    const more = tail.onTrace({ key: message.fields.routingKey, headers, body: message.content });
    channel.ack(message);
    if (!more) stop();
  }
}
