/** Class exchange (AMQP 0-9-1, 1.6) with RabbitMQ's exchange-to-exchange bindings. */
import type { Arguments } from '../../protocol/methods.js';
import type { Handlers } from './index.js';

export const exchangeMethods = {
  'exchange.declare': async (channel, args) => {
    const { exchange: name, type, passive, durable, autoDelete, internal } = args;
    const declaration = { name, type, passive, durable, autoDelete, internal, arguments: args.arguments };
    await channel.vhost.declareExchange(declaration, channel.requester);
    if (!args.nowait) channel.send('exchange.declare-ok');
  },

  'exchange.delete': async (channel, { exchange, ifUnused, nowait }) => {
    await channel.vhost.deleteExchange(exchange, ifUnused, channel.requester);
    if (!nowait) channel.send('exchange.delete-ok');
  },

  'exchange.bind': async (channel, args) => {
    await channel.vhost.bind(bindingOf(args), channel.requester);
    if (!args.nowait) channel.send('exchange.bind-ok');
  },

  'exchange.unbind': async (channel, args) => {
    await channel.vhost.unbind(bindingOf(args), channel.requester);
    if (!args.nowait) channel.send('exchange.unbind-ok');
  },
} satisfies Handlers;

function bindingOf(args: Arguments<'exchange.bind'>) {
  return {
    source: args.source,
    destination: args.destination,
    destinationKind: 'exchange' as const,
    routingKey: args.routingKey,
    arguments: args.arguments,
  };
}
