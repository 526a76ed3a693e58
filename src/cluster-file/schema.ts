import { z } from 'zod';

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'must be letters, digits and dashes, a letter first');

const node = z.strictObject({
  name,
  address: z.string().min(1).optional(),
});

const permission = z.strictObject({
  vhost: z.string().default('/'),
  configure: z.string().default('.*'),
  write: z.string().default('.*'),
  read: z.string().default('.*'),
});

const user = z.strictObject({
  name: z.string().min(1),
  password: z.string().min(1),
  tags: z
    .array(z.enum(['administrator', 'monitoring', 'policymaker', 'management', 'impersonator']))
    .default([]),
  permissions: z.array(permission).default([]),
});

const policy = z.strictObject({
  name: z.string().min(1),
  vhost: z.string().default('/'),
  pattern: z.string(),
  'apply-to': z.enum(['all', 'queues', 'exchanges']).default('all'),
  priority: z.int().default(0),
  definition: z.record(z.string(), z.unknown()),
});

/** The cluster file, version for version what `ClusterFile` says; an unknown key is an error. */
export const clusterFileSchema = z.strictObject({
  name: name.optional(),
  engine: z.enum(['bundled', 'rabbitmq']).optional(),
  engine_dir: z.string().optional(),
  port_base: z.int().min(1024).max(45_000).optional(),
  nodes: z.union([z.int().min(1).max(64), z.array(node).min(1)]).optional(),
  ha: z
    .string()
    .regex(/^(all|none|exactly:[1-9]\d*)$/, 'must be all, none or exactly:N')
    .optional(),
  plugins: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/, 'is not the name of a plugin')).optional(),
  vhosts: z.array(z.string().min(1)).optional(),
  users: z.array(user).optional(),
  policies: z.array(policy).optional(),
});
