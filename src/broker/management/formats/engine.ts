/** What every node of one engine has alike: exchange types, login mechanisms, versions that clients look for. */
export const compatibleVersion = '3.10.8';

const types = ['direct', 'fanout', 'headers', 'topic'];

export const exchangeTypes = types.map((name) => ({
  name,
  description: `AMQP ${name} exchange, as per the AMQP specification`,
  enabled: true,
}));

export const authMechanisms = [
  {
    name: 'RABBIT-CR-DEMO',
    description: 'RabbitMQ Demo challenge-response authentication mechanism',
    enabled: false,
  },
  { name: 'AMQPLAIN', description: 'QPid AMQPLAIN mechanism', enabled: true },
  { name: 'PLAIN', description: 'SASL PLAIN authentication mechanism', enabled: true },
];

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
