import { consume as receive } from '../drivers/amqp/consume.js';
import type { ReceivedMessage } from '../drivers/amqp/received.js';
import { WarrenError } from '../errors/warren-error.js';
import { amqpEndpoint, type EndpointOptions } from './amqp-endpoint.js';
import type { Surroundings } from './surroundings.js';

export interface ConsumeOptions extends EndpointOptions {
  readonly queue: string;
  readonly count?: number | undefined;
  /** Seconds without a message after which to stop. */
  readonly timeoutSeconds?: number | undefined;
  readonly noAck: boolean;
  readonly onMessage: (message: ReceivedMessage) => void;
}

/** With a count, how long to wait for the next message when the user has not said. */
const patienceSeconds = 10;

/** Consumes until the count is reached; fewer than the count in time is an error. */
export async function consume(
  options: ConsumeOptions,
  surroundings: Surroundings,
): Promise<{ node: string; received: number }> {
  const endpoint = await amqpEndpoint(options, 'last', surroundings);
  const seconds = options.timeoutSeconds ?? (options.count === undefined ? undefined : patienceSeconds);
  const receiving = receive({
    url: endpoint.url,
    queue: options.queue,
    vhost: endpoint.vhost,
    count: options.count,
    ...(seconds === undefined ? {} : { idleMs: seconds * 1_000 }),
    noAck: options.noAck,
    signal: surroundings.signal,
    onMessage: options.onMessage,
  });
  const { received, ended } = await receiving.finally(() => endpoint.close());
  if (ended === 'signal') surroundings.signal.throwIfAborted();
  if (options.count !== undefined && received < options.count) {
    const facts = { got: received, wanted: options.count, queue: options.queue, seconds: seconds ?? 0 };
    throw WarrenError.of('CONSUME_TIMEOUT', facts);
  }
  return { node: endpoint.shown, received };
}
