/**
 * The two engines that twin tests compare, one node each, started once for all
 * test files. Without RabbitMQ on this machine there is nothing to compare, and
 * those tests skip themselves.
 */
import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { certificateFile, keyFile, makeCertificates } from './certificates.js';
import { type EngineCluster, startCluster } from './cluster.js';
import { bundled, installed, rabbitmq } from './engine.js';
import type { NodeSpecification } from './node.js';
import type { Ports } from './ports.js';

declare module 'vitest' {
  interface ProvidedContext {
    twins: { bundled: NodeSpecification; rabbitmq: NodeSpecification; certificates: string } | undefined;
  }
}

const plugins = [
  'rabbitmq_management',
  'rabbitmq_auth_mechanism_ssl',
  'rabbitmq_consistent_hash_exchange',
  'rabbitmq_random_exchange',
];

/** TLS beside plain TCP; a client may show a certificate, and log in by its common name. */
function tlsLines(certificates: string, { amqps }: Ports): string[] {
  return [
    `listeners.ssl.1 = 127.0.0.1:${amqps}`,
    `ssl_options.cacertfile = ${certificateFile(certificates, 'ca')}`,
    `ssl_options.certfile = ${certificateFile(certificates, 'server')}`,
    `ssl_options.keyfile = ${keyFile(certificates, 'server')}`,
    'ssl_options.verify = verify_peer',
    'ssl_options.fail_if_no_peer_cert = false',
    'ssl_cert_login_from = common_name',
    'auth_mechanisms.1 = PLAIN',
    'auth_mechanisms.2 = AMQPLAIN',
    'auth_mechanisms.3 = EXTERNAL',
  ];
}

/** RabbitMQ's five seconds between two looks at its figures are long for a test that waits for them. */
const soon = ['collect_statistics_interval = 1000'];

/** Pages of one other site may ask, and every answer has the headers that an administrator wants. */
const http = [
  'management.cors.allow_origins.1 = http://twins.example',
  'management.cors.max_age = 900',
  "management.csp.policy = default-src 'self'",
  'management.hsts.policy = max-age=31536000',
  'management.headers.content_type_options = nosniff',
  'management.headers.xss_protection = 1; mode=block',
  'management.headers.frame_options = SAMEORIGIN',
];

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  if (!installed.rabbitmq) {
    project.provide('twins', undefined);
    return async () => {};
  }
  const certificates = await makeCertificates();
  const configuration = (ports: Ports) => [...tlsLines(certificates, ports), ...soon, ...http];
  const started = await Promise.allSettled(
    [bundled, rabbitmq].map((engine) => startCluster(engine, 1, configuration, plugins)),
  );
  const clusters = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(clusters.map((cluster) => cluster.destroy()));
    await rm(certificates, { recursive: true, force: true });
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const [ours, theirs] = clusters as [EngineCluster, EngineCluster];
  project.provide('twins', {
    bundled: ours.nodes[0]!.specification,
    rabbitmq: theirs.nodes[0]!.specification,
    certificates,
  });
  return stop;
}
