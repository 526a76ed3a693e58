import { Flags } from '@oclif/core';

export const clusterFlag = Flags.string({
  description: 'the local cluster, by name (default: the one that runs)',
  helpValue: 'NAME',
});

export const nodeFlag = Flags.string({
  description: 'the node: its name, with or without @localhost, or its number',
  helpValue: 'NODE',
});

export const yesFlag = Flags.boolean({ char: 'y', description: 'answer yes to the question asked' });

export const timeoutFlag = Flags.integer({
  description: 'seconds that the nodes may take to be ready',
  default: 120,
  min: 1,
});
