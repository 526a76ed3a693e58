import { words } from './columns/column.js';
import { harmless } from './harmless.js';

interface Got {
  readonly payload: string;
  readonly payload_encoding: string;
  readonly exchange: string;
  readonly routing_key: string;
  readonly redelivered: boolean;
  readonly message_count: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Each message with where it came from, above its body. */
export function messagesText(messages: readonly Got[]): string {
  if (messages.length === 0) return 'The queue is empty.';
  const rest = messages.at(-1)!.message_count;
  const blocks = messages.map(
    ({ payload, payload_encoding, exchange, routing_key, redelivered, properties }) => {
      const from = `exchange ${exchange || '(default)'}, routing key '${routing_key}'${redelivered ? ', redelivered' : ''}`;
      const about = words(properties);
      const coded = payload_encoding === 'base64' ? ' (base64)' : '';
      return [
        harmless(from),
        ...(about === '-' ? [] : [harmless(about)]),
        `${harmless(payload)}${coded}`,
      ].join('\n');
    },
  );
  return [...blocks, `${rest} more in the queue.`].join('\n\n');
}
