import * as Args from '@oclif/core/args';

export const queueArgument = { queue: Args.string({ description: 'the name of the queue', required: true }) };
export const userArgument = { user: Args.string({ description: 'the name of the user', required: true }) };
