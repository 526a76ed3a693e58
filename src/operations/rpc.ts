import type { ReceivedMessage } from '../drivers/amqp/received.js';
import { ask } from '../drivers/amqp/request.js';
import { WarrenError } from '../errors/warren-error.js';
import { amqpEndpoint, type EndpointOptions } from './amqp-endpoint.js';
import type { Surroundings } from './surroundings.js';

export interface RpcOptions extends EndpointOptions {
  readonly queue?: string | undefined;
  readonly exchange?: string | undefined;
  readonly routingKey?: string | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** Sends a request and waits for its answer; none in time is an error. */
export async function rpc(options: RpcOptions, surroundings: Surroundings): Promise<ReceivedMessage> {
  const { headers, timeoutSeconds: seconds } = options;
  const exchange = options.queue === undefined ? (options.exchange ?? '') : '';
  const routingKey = options.queue ?? options.routingKey ?? '';
  const { signal } = surroundings;
  const endpoint = await amqpEndpoint(options, 'first', surroundings);
  const body = Buffer.from(options.body);
  const request = {
    url: endpoint.url,
    exchange,
    routingKey,
    body,
    headers,
    timeoutMs: seconds * 1_000,
    signal,
  };
  const answer = await ask(request).finally(() => endpoint.close());
  if (answer !== undefined) return answer;
  signal.throwIfAborted();
  throw WarrenError.of('RPC_TIMEOUT', { exchange, routingKey, seconds });
}
