/** Class channel (AMQP 0-9-1, 1.5). */
import { AmqpError } from '../../protocol/amqp-error.js';
import type { Channel } from '../channel.js';
import type { Handlers } from './index.js';

export const channelClassMethods = {
  'channel.open': (channel) => {
    if (channel.state !== 'starting') throw new AmqpError('CHANNEL_ERROR', "second 'channel.open' seen");
    const { context, principal } = channel.connection;
    const admitted = context.broker.admitChannel(principal);
    if (admitted !== null) return admitted.then(() => open(channel));
    open(channel);
    return undefined;
  },

  'channel.flow': (channel, { active }) => {
    if (!active) throw new AmqpError('NOT_IMPLEMENTED', 'active=false');
    channel.send('channel.flow-ok', { active: true });
    return undefined;
  },

  'channel.close': (channel) => {
    channel.flush();
    channel.send('channel.close-ok');
    channel.release();
    channel.connection.forget(channel);
    return undefined;
  },
} satisfies Handlers;

/** Unless its connection has ended meanwhile. */
function open(channel: Channel): void {
  if (channel.state !== 'starting') return;
  channel.state = 'running';
  channel.send('channel.open-ok');
}
