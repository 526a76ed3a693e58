import { z } from 'zod';
import { pluginName, scalar, secret } from './words.js';

export const config = z
  .record(z.string().regex(/^[A-Za-z0-9_.$-]+$/, 'is not a key of rabbitmq.conf'), scalar)
  .describe('Keys of rabbitmq.conf, besides those that follow from this file.');

export const environment = z
  .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'is not the name of an environment variable'), scalar)
  .describe('Variables for rabbitmq-env.conf.');

/** RabbitMQ on the hosts: its package, its configuration, its limits. */
export const rabbitmq = z.strictObject({
  version: z
    .string()
    .regex(/^\d+\.\d+(\.\d+)?([-~+].*)?$/, 'must be a version, such as 3.10.8 or 3.13')
    .optional()
    .describe('The version to install; what the source offers unless given.'),
  source: z
    .literal('system')
    .default('system')
    .describe('Where packages come from: the repositories that the host itself knows.'),
  config: config.default({}),
  environment: environment.default({}),
  plugins: z.array(pluginName).default([]).describe('Plugins to enable besides rabbitmq_management.'),
  limits: z
    .strictObject({
      open_files: z.int().min(1024).default(65_536).describe('LimitNOFILE of the service.'),
    })
    .prefault({}),
  long_names: z
    .boolean()
    .default(false)
    .describe('Whether node names hold whole host names, as rabbit@mq1.example.com.'),
  cookie: secret.default('generate').describe('The Erlang cookie that the nodes share.'),
});
