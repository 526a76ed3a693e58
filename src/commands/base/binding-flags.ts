import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { argumentFlag } from './argument-flag.js';

/** What names a binding, for the commands that make and take it away. */
export const bindingArgs = {
  source: Args.string({ description: 'the exchange', required: true }),
  destination: Args.string({
    description: 'the queue, or with --to-exchange the exchange',
    required: true,
  }),
};

export const bindingFlags = {
  'routing-key': Flags.string({ char: 'r', description: 'the routing key', default: '' }),
  'to-exchange': Flags.boolean({ description: 'the destination is an exchange' }),
  argument: argumentFlag('an argument'),
};
