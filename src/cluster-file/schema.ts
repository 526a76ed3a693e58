import { z } from 'zod';
import { frontEnd } from './schema/front-end.js';
import { objects } from './schema/objects.js';
import { profile } from './schema/profile.js';
import { config, environment, rabbitmq } from './schema/rabbitmq.js';
import { ssh } from './schema/ssh.js';
import { nodeTls } from './schema/tls.js';
import { address, clusterName, hostName, pluginName } from './schema/words.js';

const node = z.strictObject({
  name: hostName.describe('The short host name; the node is rabbit@NAME.'),
  address: address
    .optional()
    .describe('Where its host is reached; without one, the node runs on this machine.'),
  ssh: ssh.optional(),
  rabbitmq: z
    .strictObject({
      config: config.default({}),
      environment: environment.default({}),
      tls: nodeTls.optional().describe('A certificate of its own.'),
    })
    .optional(),
});

/** The cluster file as it is written; an unknown key is an error. */
export const clusterFileSchema = z.strictObject({
  name: clusterName.default('rabbit'),
  engine: z.enum(['bundled', 'rabbitmq']).optional().describe('For nodes on this machine.'),
  engine_dir: z.string().optional().describe("The folder of the engine's executables, on this machine."),
  port_base: z.int().min(1024).max(45_000).optional().describe('The first AMQP port on this machine.'),
  ha: z
    .string()
    .regex(/^(all|none|exactly:[1-9]\d*)$/, 'must be all, none or exactly:N')
    .optional()
    .describe('On how many nodes each queue is mirrored, on this machine: all, none or exactly:N.'),
  ssh: ssh.prefault({}),
  nodes: z.union([z.int().min(1).max(64), z.array(node).min(1)]).optional(),
  rabbitmq: rabbitmq.prefault({}),
  profile: profile.optional(),
  plugins: z.array(pluginName).default([]).describe('The same as plugins under rabbitmq.'),
  ...objects,
  front_end: frontEnd.optional(),
});

export type WrittenFile = z.output<typeof clusterFileSchema>;
