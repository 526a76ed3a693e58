import { z } from 'zod';
import { isAddress } from '../host-word.js';

/** The words that the parts of the schema share. */
export const clusterName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'must be letters, digits and dashes, a letter first');

/** RFC 1123 §2.1: labels of letters, digits and dashes, 63 characters each; `_` for nodes on this machine. */
export const hostName = z
  .string()
  .max(253, 'is longer than the 253 characters that a host name may have')
  .regex(
    /^(?!.{0,252}\.\.)[A-Za-z0-9][A-Za-z0-9_.-]*$/,
    'must be a host name: letters, digits and dashes, a letter or digit first',
  )
  .refine((name) => name.split('.').every((label) => label.length <= 63), {
    error: 'has a label of more than the 63 characters that DNS allows',
  });

export const address = z
  .string()
  .refine(isAddress, {
    error: 'must be an IP address or a host name (a port goes into ssh: { port: … })',
  })
  .describe('An IP address or a host name.');

export const port = z.int().min(1).max(65_535);
export const userName = z.string().min(1).max(255);
export const path = z.string().min(1);
export const duration = z
  .string()
  .regex(/^\d+(us|ms|s|m|h|d)$/, 'must be a number with a unit, such as 5s, 30m or 3h')
  .describe('A number with a unit: us, ms, s, m, h or d.');

export const secret = z
  .string()
  .min(1)
  .describe('env:NAME (an environment variable), file:PATH (a file that others cannot read) or generate.');

export const fileReference = z.string().regex(/^file:./, 'must be file:PATH');

/** AMQP 0-9-1 §3.1.4: names are short strings, 255 bytes at most. */
export const shortString = z.string().refine((text) => Buffer.byteLength(text) <= 255, {
  error: 'is longer than the 255 bytes of an AMQP name',
});
export const name = shortString.min(1, 'must not be empty');
export const vhost = name.default('/').describe('The vhost; / unless given.');
export const table = z.record(z.string(), z.unknown()).default({});
export const pluginName = z.string().regex(/^[a-z][a-z0-9_]*$/, 'is not the name of a plugin');
export const scalar = z.union([z.string(), z.number(), z.boolean()]);
