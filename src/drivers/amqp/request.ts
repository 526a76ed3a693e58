import { randomUUID } from 'node:crypto';
import type { Channel } from 'amqplib';
import { WarrenError } from '../../errors/warren-error.js';
import { openConnection } from './connection.js';
import { type ReceivedMessage, received } from './received.js';

export interface Request {
  readonly url: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** https://www.rabbitmq.com/docs/direct-reply-to: no queue is made for the answer. */
const replyTo = 'amq.rabbitmq.reply-to';

/** Nothing where no answer came in time. A request that no queue takes is told at once. */
export async function ask(request: Request): Promise<ReceivedMessage | undefined> {
  const connection = await openConnection(request.url, 'warren rpc');
  try {
    return await answerTo(await connection.createChannel(), request);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function answerTo(channel: Channel, request: Request): Promise<ReceivedMessage | undefined> {
  const { exchange, routingKey, signal } = request;
  const correlationId = randomUUID();
  const late = AbortSignal.timeout(request.timeoutMs);
  const over = AbortSignal.any([late, signal]);
  const refused = (error: unknown) => {
    const reason = (error as Error).message;
    return WarrenError.of('AMQP_CLOSED', { doing: 'asking', reason }, { cause: error });
  };
  let answered: (answer: ReceivedMessage | undefined) => void = () => {};
  let failed: (error: WarrenError) => void = () => {};
  const answer = new Promise<ReceivedMessage | undefined>((resolve, reject) => {
    [answered, failed] = [resolve, reject];
  });
  channel.on('error', (error) => failed(refused(error)));
  channel.on('close', () => failed(refused(new Error('the connection was closed'))));
  channel.on('return', () =>
    failed(WarrenError.of('MESSAGE_UNROUTABLE', { count: 1, exchange, routingKey })),
  );
  over.addEventListener('abort', () => answered(undefined), { once: true });
  channel
    .consume(
      replyTo,
      (message) => {
        if (message?.properties.correlationId === correlationId) answered(received(message));
      },
      { noAck: true },
    )
    .catch((error) => failed(refused(error)));
  channel.publish(exchange, routingKey, request.body, {
    mandatory: true,
    replyTo,
    correlationId,
    headers: { ...request.headers },
    expiration: request.timeoutMs,
  });
  return answer;
}
