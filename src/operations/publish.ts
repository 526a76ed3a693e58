import { type PublishOutcome, publish as send } from '../drivers/amqp/publish.js';
import { WarrenError } from '../errors/warren-error.js';
import { amqpEndpoint, type EndpointOptions } from './amqp-endpoint.js';
import type { Surroundings } from './surroundings.js';

export interface PublishOptions extends EndpointOptions {
  readonly queue?: string | undefined;
  readonly exchange?: string | undefined;
  readonly routingKey?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly persistent: boolean;
  readonly bodies: readonly string[];
  /** How many times all bodies are published. */
  readonly count: number;
}

export interface PublishResult extends PublishOutcome {
  readonly node: string;
  readonly exchange: string;
  readonly routing_key: string;
}

/** Publishes with confirms; a message that no queue took, or that was refused, is an error. */
export async function publish(options: PublishOptions, surroundings: Surroundings): Promise<PublishResult> {
  const endpoint = await amqpEndpoint(options, 'first', surroundings);
  const exchange = options.queue === undefined ? (options.exchange ?? '') : '';
  const routingKey = options.queue ?? options.routingKey ?? '';
  const sending = send({
    url: endpoint.url,
    exchange,
    routingKey,
    declareQueue: options.queue,
    bodies: repeated(options.bodies, options.count),
    headers: options.headers,
    persistent: options.persistent,
    signal: surroundings.signal,
  });
  const outcome = await sending.finally(() => endpoint.close());
  if (outcome.returned > 0) {
    throw WarrenError.of('MESSAGE_UNROUTABLE', { count: outcome.returned, exchange, routingKey });
  }
  if (outcome.nacked > 0) {
    throw WarrenError.of('MESSAGE_NACKED', { count: outcome.nacked, confirmed: outcome.confirmed });
  }
  return { ...outcome, node: endpoint.shown, exchange, routing_key: routingKey };
}

function* repeated(bodies: readonly string[], count: number): Generator<Buffer> {
  for (let round = 0; round < count; round++) for (const body of bodies) yield Buffer.from(body);
}
