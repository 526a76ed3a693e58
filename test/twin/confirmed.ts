import type { ConfirmChannel, Options } from 'amqplib';

/** Publishes, and answers what the broker says of it. */
export function confirmed(
  channel: ConfirmChannel,
  exchange: string,
  key: string,
  body: string,
  options: Options.Publish,
): Promise<'acked' | 'nacked'> {
  return new Promise((resolve) => {
    channel.publish(exchange, key, Buffer.from(body), options, (refused) =>
      resolve(refused ? 'nacked' : 'acked'),
    );
  });
}
