import type { Channel, ConsumeMessage } from 'amqplib';
import { WarrenError } from '../../errors/warren-error.js';
import { openConnection } from './connection.js';
import { type ReceivedMessage, received as read } from './received.js';

export interface ConsumeRequest {
  readonly url: string;
  readonly queue: string;
  readonly vhost: string;
  /** Stops after so many; without it, goes on until the timeout or the signal. */
  readonly count?: number | undefined;
  /** Stops when no message came for so long. */
  readonly idleMs?: number | undefined;
  readonly noAck: boolean;
  readonly signal: AbortSignal;
  onMessage(message: ReceivedMessage): void;
}

export interface ConsumeOutcome {
  readonly received: number;
  readonly ended: 'count' | 'idle' | 'signal';
}

/**
 * Consumes until the count is reached, nothing comes any more or the signal
 * says stop. A message is acknowledged after it has been handed on; with a
 * count, the prefetch keeps the broker from sending more than was asked for.
 */
export async function consume(request: ConsumeRequest): Promise<ConsumeOutcome> {
  const connection = await openConnection(request.url, 'warren consume');
  try {
    const channel = await connection.createChannel();
    return await receive(channel, request);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function receive(channel: Channel, request: ConsumeRequest): Promise<ConsumeOutcome> {
  await channel.prefetch(Math.min(request.count ?? 256, 256));
  let received = 0;
  let timer: NodeJS.Timeout | undefined;
  let stop: (ended: ConsumeOutcome['ended']) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const end = new Promise<ConsumeOutcome['ended']>((resolve, reject) => {
    stop = resolve;
    fail = reject;
  });
  const rearm = () => {
    clearTimeout(timer);
    if (request.idleMs !== undefined) timer = setTimeout(() => stop('idle'), request.idleMs);
  };
  channel.on('error', (error: Error) => fail(refused(request, error)));
  const onAbort = () => stop('signal');
  request.signal.addEventListener('abort', onAbort, { once: true });
  const take = (message: ConsumeMessage | null) => {
    if (message === null) return fail(refused(request, new Error('the queue went away (basic.cancel)')));
    if (request.count !== undefined && received >= request.count) return;
    received++;
    rearm();
    request.onMessage(read(message));
    if (!request.noAck) channel.ack(message);
    if (received === request.count) stop('count');
  };
  try {
    rearm();
    channel
      .consume(request.queue, take, { noAck: request.noAck })
      .catch((error) => fail(refused(request, error)));
    const ended = await end;
    // Closing the channel waits for the broker, so the last acknowledgements have arrived.
    await channel.close();
    return { received, ended };
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', onAbort);
  }
}

function refused(request: ConsumeRequest, error: Error): WarrenError {
  if (/NOT_FOUND - no queue/.test(error.message)) {
    return WarrenError.of(
      'QUEUE_NOT_FOUND',
      { queue: request.queue, vhost: request.vhost },
      { cause: error },
    );
  }
  return WarrenError.of(
    'AMQP_CLOSED',
    { doing: `consuming from ${request.queue}`, reason: error.message },
    { cause: error },
  );
}
