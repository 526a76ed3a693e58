import { randomBytes } from 'node:crypto';
import type { NodeConfig } from '../config/node-config.js';
import { defaultHashingAlgorithm, hashPassword } from '../core/password.js';
import type { Metadata } from '../core/ports.js';

/**
 * What a cluster that has just been made begins with. Definitions that the configuration wants loaded take the
 * place of the default vhost and user, as in RabbitMQ; they are imported when the node is up.
 */
export async function seed(metadata: Metadata, config: NodeConfig): Promise<void> {
  const { defaultUser, defaultVhost, nodeName } = config;
  if (config.loadDefinitions === null) {
    await metadata.submit('bootstrap', {
      node: nodeName,
      vhost: defaultVhost,
      user: {
        name: defaultUser.name,
        passwordHash: hashPassword(defaultUser.password),
        hashingAlgorithm: defaultHashingAlgorithm,
        tags: defaultUser.tags,
        permissions: defaultUser.permissions,
      },
    });
  }
  const id = `rabbitmq-cluster-id-${randomBytes(16).toString('base64url')}`;
  await metadata.submit('global_parameter.set', { name: 'internal_cluster_id', value: id });
  const { clusterName } = config;
  if (clusterName !== null) {
    await metadata.submit('global_parameter.set', { name: 'cluster_name', value: clusterName });
  }
}
