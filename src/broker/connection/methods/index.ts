/** The handlers of everything a client may ask on a channel, one file per class. */
import type { Arguments, MethodName } from '../../protocol/methods.js';
import type { Channel } from '../channel.js';
import { accessMethods } from './access.js';
import { basicMethods } from './basic.js';
import { channelClassMethods } from './channel.js';
import { confirmMethods } from './confirm.js';
import { exchangeMethods } from './exchange.js';
import { queueMethods } from './queue.js';
import { txMethods } from './tx.js';

/** A promise pauses the channel until it is settled. */
export type Handlers = {
  [N in MethodName]?: (channel: Channel, args: Arguments<N>) => Promise<void> | undefined;
};

export const channelMethods: Handlers = {
  ...channelClassMethods,
  ...accessMethods,
  ...exchangeMethods,
  ...queueMethods,
  ...basicMethods,
  ...confirmMethods,
  ...txMethods,
};
