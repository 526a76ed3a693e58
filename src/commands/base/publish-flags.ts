import * as Flags from '@oclif/core/flags';
import { messageFlags } from './flags.js';

/** Where messages go and what they are like. */
export const publishFlags = {
  ...messageFlags,
  queue: Flags.string({
    char: 'q',
    description: 'the queue to publish to',
    exclusive: ['exchange', 'routing-key'],
  }),
  exchange: Flags.string({
    char: 'e',
    description: 'the exchange to publish to (default: the default exchange)',
  }),
  'routing-key': Flags.string({ char: 'r', description: 'the routing key' }),
  header: Flags.string({
    description: 'a header of the message',
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  persistent: Flags.boolean({
    description: 'keep the messages on disk (default: yes)',
    default: true,
    allowNo: true,
  }),
  count: Flags.integer({ description: 'publish so many times', default: 1, min: 1 }),
};
