/** Class queue (AMQP 0-9-1, 1.7). */
import { withoutLineBreaks } from '../../core/vhost/line-breaks.js';
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Arguments } from '../../protocol/methods.js';
import type { Channel } from '../channel.js';
import { queueOrLast } from '../names.js';
import { replyQueue } from '../replies.js';
import type { Handlers } from './index.js';

export const queueMethods = {
  'queue.declare': async (channel, args) => {
    const { passive, durable, exclusive, autoDelete, nowait } = args;
    const name = withoutLineBreaks(args.queue);
    if (name.startsWith(replyQueue)) return declareReplyQueue(channel, name, nowait);
    const declaration = { name, passive, durable, exclusive, autoDelete, arguments: args.arguments };
    const declared = await channel.vhost.declareQueue(declaration, channel.requester);
    answer(channel, declared, nowait);
  },

  'queue.bind': async (channel, args) => {
    await channel.vhost.bind(bindingOf(channel, args), channel.requester);
    if (!args.nowait) channel.send('queue.bind-ok');
  },

  'queue.unbind': async (channel, args) => {
    await channel.vhost.unbind(bindingOf(channel, args), channel.requester);
    channel.send('queue.unbind-ok');
  },

  'queue.purge': async (channel, { queue, nowait }) => {
    const messageCount = await channel.vhost.purgeQueue(queueOrLast(channel, queue), channel.requester);
    if (!nowait) channel.send('queue.purge-ok', { messageCount });
  },

  'queue.delete': async (channel, { queue, ifUnused, ifEmpty, nowait }) => {
    const name = queueOrLast(channel, queue);
    const messageCount = await channel.vhost.deleteQueue(name, ifUnused, ifEmpty, channel.requester);
    if (!nowait) channel.send('queue.delete-ok', { messageCount });
  },
} satisfies Handlers;

/** Direct reply-to: a reply address may be declared to see whether its consumer is still there. */
async function declareReplyQueue(channel: Channel, name: string, nowait: boolean): Promise<void> {
  const there = name === replyQueue || (await channel.connection.context.replies.exists(name));
  if (!there) throw new AmqpError('NOT_FOUND', `no queue '${name}' in vhost '${channel.vhost.name}'`);
  answer(channel, { name, messages: 0, consumers: 1 }, nowait);
}

function answer(
  channel: Channel,
  { name, messages, consumers }: { name: string; messages: number; consumers: number },
  nowait: boolean,
): void {
  channel.lastQueue = name;
  if (nowait) return;
  channel.send('queue.declare-ok', { queue: name, messageCount: messages, consumerCount: consumers });
}

/** Where both names are left out, the routing key is the queue's name too (1.7.2.3, "routing-key"). */
function bindingOf(channel: Channel, args: Arguments<'queue.bind'> | Arguments<'queue.unbind'>) {
  const destination = queueOrLast(channel, args.queue);
  return {
    source: args.exchange,
    destination,
    destinationKind: 'queue' as const,
    routingKey: args.queue === '' && args.routingKey === '' ? destination : args.routingKey,
    arguments: args.arguments,
  };
}
