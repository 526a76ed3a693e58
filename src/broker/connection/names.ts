import { AmqpError } from '../protocol/amqp-error.js';
import type { Channel } from './channel.js';

/** '' stands for the queue that was declared last on the channel (AMQP 0-9-1, 1.7.2.1). */
export function queueOrLast(channel: Channel, name: string): string {
  if (name !== '') return name;
  if (channel.lastQueue === '') throw new AmqpError('NOT_FOUND', 'no previously declared queue');
  return channel.lastQueue;
}
