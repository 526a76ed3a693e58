/** Class confirm, RabbitMQ's publisher confirms. */
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Handlers } from './index.js';

export const confirmMethods = {
  'confirm.select': (channel, { nowait }) => {
    if (channel.transaction !== null) {
      throw new AmqpError('PRECONDITION_FAILED', 'cannot switch from tx to confirm mode');
    }
    channel.trackPublishes();
    channel.confirming = true;
    if (!nowait) channel.send('confirm.select-ok');
    return undefined;
  },
} satisfies Handlers;
