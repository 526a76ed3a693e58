import { z } from 'zod';
import { usualOpenFiles } from '../local-settings.js';
import { tls } from './tls.js';
import { fileReference, pluginName, scalar, secret } from './words.js';

const key = fileReference
  .optional()
  .describe('file:PATH of the public key (as text, from gpg --armor) that the repository is signed with.');

/** Where RabbitMQ and its Erlang come from besides what the hosts know: for the one kind of hosts, or the other. */
const repositories = z
  .strictObject({
    apt: z
      .array(
        z.strictObject({
          uri: z
            .string()
            .regex(/^[a-z+]+:\S+$/, 'must be a URI, such as https://packages.example.com/debian'),
          suite: z
            .string()
            .regex(/^\S+$/)
            .describe('A release, such as bookworm, or a folder that ends in /.'),
          components: z.array(z.string().regex(/^\S+$/)).default(['main']).describe('None for a folder.'),
          key,
        }),
      )
      .default([]),
    yum: z
      .array(
        z.strictObject({
          uri: z.string().regex(/^[a-z]+:\S+$/, 'must be a URI, such as https://packages.example.com/el9'),
          key,
        }),
      )
      .default([]),
  })
  .refine(({ apt, yum }) => apt.length + yum.length > 0, {
    error: 'names no repository: write apt or yum',
    when: ({ issues }) => issues.length === 0,
  });

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
    .regex(/^\d+\.\d+(\.\d+)?([-~+][\w.+~-]*)?$/, 'must be a version, such as 3.10.8 or 3.13')
    .optional()
    .describe('The version to install, and to stay with; what the source offers unless given.'),
  erlang: z
    .string()
    .regex(/^\d+(\.\d+)*$/, 'must be a version, such as 26.2')
    .optional()
    .describe('The version of Erlang, where a repository has several.'),
  source: z
    .union([z.literal('system'), repositories])
    .default('system')
    .describe(
      'Where packages come from: the repositories that the host itself knows (system), or these besides.',
    ),
  config: config.default({}),
  environment: environment.default({}),
  plugins: z.array(pluginName).default([]).describe('Plugins to enable besides rabbitmq_management.'),
  limits: z
    .strictObject({
      open_files: z.int().min(1024).default(usualOpenFiles).describe('LimitNOFILE of the service.'),
    })
    .prefault({}),
  long_names: z
    .boolean()
    .default(false)
    .describe('Whether node names hold whole host names, as rabbit@mq1.example.com.'),
  tls: tls.optional(),
  cookie: secret.default('generate').describe('The Erlang cookie that the nodes share.'),
});
