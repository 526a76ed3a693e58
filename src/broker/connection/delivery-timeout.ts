/**
 * How long deliveries may wait for their acknowledgement (consumer_timeout). Nothing is noted per message: at
 * each look the last delivery tag is remembered with the time, so whatever is still outstanding at or below a
 * tag remembered long enough ago has waited too long.
 */
import { AmqpError } from '../protocol/amqp-error.js';
import type { Channel } from './channel.js';
import type { Connection } from './connection.js';

/** RabbitMQ looks once a minute. */
const longestInterval = 60_000;

/** Looks at the channels of a connection from time to time; the answer ends it. */
export function watchDeliveries(
  connection: Connection,
  channels: readonly (Channel | undefined)[],
): () => void {
  const { clock, config } = connection.context;
  const { consumerTimeout } = config;
  if (consumerTimeout === null) return () => {};
  const interval = Math.min(consumerTimeout, longestInterval);
  let cancel = clock.after(interval, look);
  return () => cancel();

  function look(): void {
    cancel = clock.after(interval, look);
    for (const channel of channels) {
      try {
        channel?.deliveryTimeout.look(channel, clock.now(), consumerTimeout!);
      } catch (error) {
        connection.failed(error, channel!, 0);
      }
    }
  }
}

export class DeliveryTimeout {
  readonly #looks: { tag: number; at: number }[] = [];

  /** Throws the refusal when the channel's oldest delivery has waited for `timeout` ms. */
  look(channel: Channel, now: number, timeout: number): void {
    const looks = this.#looks;
    const oldest = channel.unacked.oldest;
    while (looks.length > 0 && (oldest === 0 || looks[0]!.tag < oldest)) looks.shift();
    if (oldest === 0) return;
    looks.push({ tag: channel.deliveryTag, at: now });
    if (now - looks[0]!.at < timeout) return;
    const text = `delivery acknowledgement on channel ${channel.number} timed out. Timeout value used: ${timeout} ms. This timeout value can be configured, see consumers doc guide to learn more`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
}
