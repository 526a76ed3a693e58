import { z } from 'zod';
import { name, secret, shortString, table, vhost } from './words.js';

/** What the broker keeps: the words are those of RabbitMQ's definitions. */
const limits = z
  .strictObject({
    'max-connections': z.int().min(-1).optional(),
    'max-queues': z.int().min(-1).optional(),
  })
  .default({});

const vhostObject = z.strictObject({
  name,
  description: z.string().optional(),
  tags: z.array(z.string()).default([]),
  default_queue_type: z.enum(['classic', 'quorum', 'stream']).optional(),
  limits,
});

const permission = {
  vhost,
  configure: z.string().default('.*'),
  write: z.string().default('.*'),
  read: z.string().default('.*'),
};

const topicPermission = {
  vhost,
  exchange: name.default('amq.topic'),
  write: z.string().default('.*'),
  read: z.string().default('.*'),
};

const user = z.strictObject({
  name,
  password: secret.optional(),
  password_hash: secret
    .optional()
    .describe('Instead of a password: its salted hash, as definitions hold it.'),
  hashing_algorithm: z
    .enum(['rabbit_password_hashing_sha256', 'rabbit_password_hashing_sha512', 'rabbit_password_hashing_md5'])
    .optional(),
  tags: z
    .array(z.string().min(1))
    .default([])
    .describe('administrator, monitoring, policymaker, management, impersonator, or words of your own.'),
  permissions: z.array(z.strictObject(permission)).default([]).describe('All are .* unless given.'),
  topic_permissions: z.array(z.strictObject(topicPermission)).default([]),
  limits: z
    .strictObject({
      'max-connections': z.int().min(-1).optional(),
      'max-channels': z.int().min(-1).optional(),
    })
    .default({}),
});

const policy = z.strictObject({
  name,
  vhost,
  pattern: z.string(),
  'apply-to': z
    .enum(['all', 'queues', 'exchanges', 'classic_queues', 'quorum_queues', 'streams'])
    .default('all'),
  priority: z.int().default(0),
  definition: z.record(z.string(), z.unknown()),
});

const exchange = z.strictObject({
  name,
  vhost,
  type: z.string().min(1).default('direct').describe('direct, fanout, topic, headers, or one of a plugin.'),
  durable: z.boolean().default(true),
  auto_delete: z.boolean().default(false),
  internal: z.boolean().default(false),
  arguments: table,
});

const queue = z.strictObject({
  name,
  vhost,
  type: z.enum(['classic', 'quorum', 'stream']).optional().describe('The default of the vhost unless given.'),
  durable: z.boolean().default(true),
  auto_delete: z.boolean().default(false),
  arguments: table,
});

const binding = z.strictObject({
  source: name,
  vhost,
  destination: name,
  destination_type: z.enum(['queue', 'exchange']).default('queue'),
  routing_key: shortString.default(''),
  arguments: table,
});

export const objects = {
  vhosts: z.array(z.union([name, vhostObject])).default([]),
  users: z.array(user).default([]),
  permissions: z
    .array(z.strictObject({ user: name, ...permission }))
    .default([])
    .describe('The same as under users, for those who like them apart.'),
  topic_permissions: z.array(z.strictObject({ user: name, ...topicPermission })).default([]),
  policies: z.array(policy).default([]),
  operator_policies: z.array(policy).default([]),
  parameters: z.array(z.strictObject({ component: name, name, vhost, value: z.unknown() })).default([]),
  global_parameters: z.array(z.strictObject({ name, value: z.unknown() })).default([]),
  exchanges: z.array(exchange).default([]),
  queues: z.array(queue).default([]),
  bindings: z.array(binding).default([]),
};
