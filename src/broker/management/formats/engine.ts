/** What every node of one engine has alike: exchange types, login mechanisms, versions that clients look for. */
import { availableTypes } from '../../core/exchange/exchange-types.js';

export const compatibleVersion = '3.10.8';

export function exchangeTypes(plugins: ReadonlySet<string>) {
  return availableTypes(plugins).map(({ name, description }) => ({ name, description, enabled: true }));
}

export function authMechanisms(plugins: ReadonlySet<string>) {
  const external = { name: 'EXTERNAL', description: 'TLS peer verification (x509)', enabled: true };
  return [
    {
      name: 'RABBIT-CR-DEMO',
      description: 'RabbitMQ Demo challenge-response authentication mechanism',
      enabled: false,
    },
    { name: 'AMQPLAIN', description: 'QPid AMQPLAIN mechanism', enabled: true },
    ...(plugins.has('rabbitmq_auth_mechanism_ssl') ? [external] : []),
    { name: 'PLAIN', description: 'SASL PLAIN authentication mechanism', enabled: true },
  ];
}

/** Resolutions that samples are kept at, in seconds. */
export const samplePolicies = {
  global: [600, 3600, 28800, 86400],
  basic: [600, 3600],
  detailed: [600],
};

/** Clients read these as "which Erlang"; here it is what the node runs on. */
export const runtime = {
  erlang_version: process.versions.node,
  erlang_full_version: `Node.js ${process.version} [${process.platform}] [${process.arch}]`,
};
