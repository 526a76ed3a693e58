import { z } from 'zod';
import { fileReference, secret } from './words.js';

const certificate = fileReference
  .optional()
  .describe('file:PATH of the certificate (PEM), followed by those between it and its CA.');

const key = secret
  .optional()
  .describe(
    'file:PATH or env:NAME of its private key (PEM, without a password); copied to the host, for rabbitmq alone.',
  );

/** A node's own, where not all share one certificate. */
export const nodeTls = z.strictObject({ certificate, key });

/** AMQP and management over TLS: `ssl_options` of rabbitmq.conf, with the files that they name. */
export const tls = z
  .strictObject({
    certificate,
    key,
    ca: fileReference
      .optional()
      .describe(
        "file:PATH of the CAs (PEM) whose clients' certificates are trusted, and that sign the brokers' own.",
      ),
    verify: z
      .enum(['verify_none', 'verify_peer'])
      .default('verify_none')
      .describe('ssl_options.verify: verify_peer refuses a client whose certificate no CA of ca has signed.'),
    fail_if_no_peer_cert: z
      .boolean()
      .default(false)
      .describe('ssl_options.fail_if_no_peer_cert: whether clients must have a certificate.'),
    management: z.boolean().default(true).describe('The management API over TLS as well, on port 15671.'),
  })
  .describe('The nodes listen for AMQP over TLS as well, on port 5671.');
