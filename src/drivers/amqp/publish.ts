import type { ConfirmChannel, Options } from 'amqplib';
import { WarrenError } from '../../errors/warren-error.js';
import { openConnection } from './connection.js';

/** How many messages may wait for their confirm at a time. */
const inFlight = 256;

export interface PublishRequest {
  readonly url: string;
  readonly exchange: string;
  readonly routingKey: string;
  /** Declared durable before publishing, unless it exists already with whatever arguments. */
  readonly declareQueue?: string | undefined;
  readonly bodies: Iterable<Buffer>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly persistent: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface PublishOutcome {
  readonly confirmed: number;
  readonly returned: number;
  readonly nacked: number;
}

/**
 * Publishes with confirms and the mandatory flag, and settles when the broker
 * has answered for every message: a returned one was routed to no queue, a
 * nacked one was refused. (RabbitMQ sends basic.return before the basic.ack
 * of the same message, so the counts are whole when the last confirm is in.)
 */
export async function publish(request: PublishRequest): Promise<PublishOutcome> {
  const connection = await openConnection(request.url, 'warren publish');
  try {
    if (request.declareQueue !== undefined) await ensureQueue(connection, request.declareQueue);
    const channel = await connection.createConfirmChannel();
    return await publishAll(channel, request);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function ensureQueue(
  connection: Awaited<ReturnType<typeof openConnection>>,
  queue: string,
): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  try {
    await channel.checkQueue(queue);
  } catch {
    // A passive declaration of a queue that is not there closes the channel (404).
    const fresh = await connection.createChannel();
    fresh.on('error', () => {});
    try {
      await fresh.assertQueue(queue, { durable: true });
    } catch (error) {
      throw closed(`declaring queue ${queue}`, error);
    }
    await fresh.close();
    return;
  }
  await channel.close();
}

async function publishAll(channel: ConfirmChannel, request: PublishRequest): Promise<PublishOutcome> {
  const outcome = { confirmed: 0, returned: 0, nacked: 0 };
  let broken: Error | undefined;
  channel.on('error', (error: Error) => {
    broken = error;
  });
  channel.on('return', () => {
    outcome.returned++;
  });
  const options: Options.Publish = {
    mandatory: true,
    persistent: request.persistent,
    ...(request.headers ? { headers: { ...request.headers } } : {}),
  };
  let pending: Promise<void>[] = [];
  for (const body of request.bodies) {
    request.signal?.throwIfAborted();
    pending.push(publishOne(channel, request, body, options, outcome, () => broken));
    if (pending.length < inFlight) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
  return { ...outcome, confirmed: outcome.confirmed - outcome.returned };
}

function publishOne(
  channel: ConfirmChannel,
  request: PublishRequest,
  body: Buffer,
  options: Options.Publish,
  outcome: { confirmed: number; nacked: number },
  broken: () => Error | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.publish(request.exchange, request.routingKey, body, options, (error: unknown) => {
      if (error && broken()) return reject(closed('publishing', broken()));
      if (error && !/nacked/i.test(String((error as Error).message)))
        return reject(closed('publishing', error));
      if (error) outcome.nacked++;
      else outcome.confirmed++;
      resolve();
    });
  });
}

function closed(doing: string, error: unknown): WarrenError {
  const reason = error instanceof Error ? error.message : String(error);
  return WarrenError.of('AMQP_CLOSED', { doing, reason }, { cause: error });
}
