import { z } from 'zod';
import { address, name, port, secret, userName, vhost } from './words.js';

const replicas = z.int().min(2, 'must be 2 or more: one copy is no replica');
const vhosts = z.array(name).optional().describe('The vhosts that it is for; all of this file unless given.');

const upstream = z.strictObject({
  name,
  addresses: z.array(address).min(1).describe("The other cluster's hosts, or its virtual address."),
  port: port.optional().describe('5672, or 5671 with tls.'),
  tls: z.boolean().default(false),
  user: userName,
  password: secret,
  vhost,
  'prefetch-count': z.int().min(1).default(1000),
  'reconnect-delay': z.int().min(1).default(5),
  'ack-mode': z.enum(['on-confirm', 'on-publish', 'no-ack']).default('on-confirm'),
  expires: z.int().min(1).optional().describe('Milliseconds that the upstream keeps messages for us.'),
  'message-ttl': z.int().min(1).optional(),
  'max-hops': z.int().min(1).default(1),
});

const details = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('standby'),
    data: z
      .enum(['mirrored', 'quorum'])
      .optional()
      .describe('What keeps the messages when the active broker dies: what the version has unless given.'),
    active: z.string().optional().describe('The node that is used first; the first one unless given.'),
    vhosts,
  }),
  z.strictObject({
    name: z.literal('mirrored'),
    replicas: replicas.optional().describe('Copies of each queue; 2 for two nodes, a majority for more.'),
    pattern: z.string().default('^(?!amq\\.)'),
    vhosts,
  }),
  z.strictObject({
    name: z.literal('quorum'),
    replicas: replicas.optional().describe('Members of each queue; RabbitMQ takes 3 unless given.'),
    vhosts,
  }),
  z.strictObject({
    name: z.literal('federated'),
    upstreams: z.array(upstream).min(1),
    exchanges: z.string().default('^federated\\.').describe('The pattern of the exchanges to federate.'),
    queues: z.string().optional().describe('The pattern of the queues to federate; none unless given.'),
    data: z
      .enum(['mirrored', 'quorum'])
      .optional()
      .describe('What replicates the queues within the cluster.'),
    vhosts,
  }),
]);

const word = z.enum(['standby', 'mirrored', 'quorum'], {
  error: ({ input }) =>
    input === 'federated'
      ? 'federated has to know the other clusters: { name: federated, upstreams: [{ name: …, addresses: […], user: …, password: env:… }] }'
      : undefined,
});

/** How messages outlive a node. */
export const profile = z.union([word, details]);
