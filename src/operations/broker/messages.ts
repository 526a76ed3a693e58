import type { Row } from './list.js';
import { type Done, found, getObject, putObject, queue } from './objects.js';
import type { Broker } from './reach.js';

export interface GetOptions {
  readonly queue: string;
  readonly vhost: string;
  readonly count: number;
  /** They are gone from the queue then; else they go back, marked as redelivered. */
  readonly take: boolean;
}

export interface GotMessage {
  readonly payload: string;
  readonly payload_encoding: 'string' | 'base64';
  readonly exchange: string;
  readonly routing_key: string;
  readonly redelivered: boolean;
  readonly message_count: number;
  readonly properties: Row;
}

export async function getMessages({ api }: Broker, options: GetOptions): Promise<readonly GotMessage[]> {
  const object = queue(options.queue, options.vhost);
  const ackmode = options.take ? 'ack_requeue_false' : 'ack_requeue_true';
  const body = { count: options.count, ackmode, encoding: 'auto' };
  const answer = await found(api, object, () => api.request('POST', `${object.path}/get`, body));
  return answer.body as readonly GotMessage[];
}

export interface DelayOptions {
  readonly name: string;
  readonly vhost: string;
  readonly milliseconds: number;
  readonly to: string;
}

/**
 * A delay queue: nobody consumes from it, each of its messages expires after the
 * same time and is dead-lettered to the queue that is meant. One time to live for
 * the whole queue, because a message expires at the queue's head only: of mixed
 * times, a long one would hold up the short ones behind it.
 */
export async function makeDelay(
  { api }: Broker,
  { name, vhost, milliseconds, to }: DelayOptions,
): Promise<Done> {
  await getObject(api, queue(to, vhost));
  const body = {
    durable: true,
    auto_delete: false,
    arguments: {
      'x-message-ttl': milliseconds,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': to,
      'x-queue-type': 'classic',
    },
  };
  const what = `what is published to it arrives in queue ${to} after ${milliseconds / 1_000} s`;
  return putObject(api, queue(name, vhost), body, {
    made: `declared: ${what}`,
    kept: `was there already: ${what}`,
  });
}
