import * as Flags from '@oclif/core/flags';
import { hostFlags } from './host-flags.js';

export const clusterFlag = Flags.string({
  description: 'the local cluster, by name (default: the one that runs)',
  helpValue: 'NAME',
});

export const nodeFlag = Flags.string({
  description: 'the node: its name, with or without @localhost, or its number; on hosts, the host',
  helpValue: 'NODE',
});

export const yesFlag = Flags.boolean({ char: 'y', description: 'answer yes to the question asked' });

export const timeoutFlag = Flags.integer({
  description: 'seconds that the nodes may take to be ready',
  default: 120,
  min: 1,
});

/** Where to connect to, for the commands that speak AMQP. */
export const messageFlags = {
  cluster: Flags.string({
    description: 'a cluster file, or a local cluster by name (default: the one that runs, or warren.yaml)',
    helpValue: 'FILE|NAME',
    aliases: ['file'],
  }),
  node: nodeFlag,
  'accept-new': hostFlags['accept-new'],
  url: Flags.string({
    description: 'any AMQP broker, instead of a local cluster',
    helpValue: 'amqp://user:password@host:port/vhost',
    exclusive: ['cluster', 'node'],
  }),
  vhost: Flags.string({ description: 'the vhost (default: /)' }),
};
