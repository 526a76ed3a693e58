import * as Flags from '@oclif/core/flags';
import { watchFlags } from './watch-command.js';

/** Which messages are traced. */
export const traceFlags = {
  ...watchFlags,
  vhost: Flags.string({ description: 'the vhost', default: '/' }),
};

export const traceNodeFlag = Flags.string({
  description: 'the node: its name, with or without its host, or its number',
  helpValue: 'NODE',
});
