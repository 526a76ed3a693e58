/** Class access: gone from AMQP 0-9-1, kept by RabbitMQ for old clients, who get a ticket that is never asked for. */
import type { Handlers } from './index.js';

export const accessMethods = {
  'access.request': (channel) => {
    channel.send('access.request-ok', { ticket: 1 });
    return undefined;
  },
} satisfies Handlers;
