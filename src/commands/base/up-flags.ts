import * as Flags from '@oclif/core/flags';
import { timeoutFlag } from './flags.js';

/** The shape of a cluster, and what else `warren up` may be told. */
export const upFlags = {
  nodes: Flags.integer({ char: 'n', description: 'how many nodes (default: 3)', min: 1, max: 64 }),
  engine: Flags.string({
    description: 'bundled (default) or rabbitmq',
    helpValue: 'bundled|rabbitmq',
    env: 'WARREN_ENGINE',
  }),
  'engine-dir': Flags.directory({
    description: "the folder of the engine's executables",
    exists: true,
    env: 'WARREN_ENGINE_DIR',
  }),
  name: Flags.string({ description: 'name of the cluster (default: rabbit)' }),
  ha: Flags.string({
    description: 'on how many nodes each queue is mirrored (default: all)',
    helpValue: 'all|exactly:N|none',
  }),
  'port-base': Flags.integer({
    description: 'first AMQP port (default: 5672)',
    min: 1024,
    max: 45_000,
    env: 'WARREN_PORT_BASE',
  }),
  plugins: Flags.string({
    description: 'plugins to enable besides rabbitmq_management',
    delimiter: ',',
    multiple: true,
  }),
  file: Flags.file({ char: 'f', description: 'a cluster file', helpValue: 'warren.yaml' }),
  foreground: Flags.boolean({ description: 'stay, show the logs, and stop the cluster on Ctrl-C' }),
  verify: Flags.boolean({
    description: 'publish messages on one node, consume them on another, and count',
  }),
  timeout: timeoutFlag,
};
