import type { ClusterFile, FileNode, Scalar } from '../cluster-file/cluster-file.js';
import { nodeNameOf } from '../cluster-file/hosts.js';
import { quorumSize, usualQuorumSize } from '../cluster-file/replication.js';
import { brokerSettings } from './broker-settings.js';
import { enabledPlugins } from './rabbitmq-conf.js';
import { publicFile, type RenderedFile } from './rendered-file.js';
import { template } from './template.js';

/** What RabbitMQ reads on a host: its configuration, its environment, its plugins and the limits of its service. */
export async function brokerFiles(
  file: ClusterFile,
): Promise<(node: FileNode, version?: string) => Promise<RenderedFile[]>> {
  const [conf, environment, limits] = await Promise.all([
    template('rabbitmq-host.conf'),
    template('rabbitmq-env.conf'),
    template('limits.conf'),
  ]);
  return async (node, version) => {
    const names = { node: nodeNameOf(node), cluster: file.name };
    const sections = brokerSettings(file, node, version);
    return [
      {
        ...publicFile('/etc/rabbitmq/rabbitmq.conf', await conf({ ...names, sections })),
        mode: 0o640,
        group: 'rabbitmq',
      },
      publicFile(
        '/etc/rabbitmq/rabbitmq-env.conf',
        await environment({ ...names, variables: variables(file, node) }),
      ),
      // rabbitmq-plugins, which writes this one as well, runs as rabbitmq.
      {
        ...publicFile('/etc/rabbitmq/enabled_plugins', enabledPlugins(file.plugins)),
        owner: 'rabbitmq',
        group: 'rabbitmq',
      },
      publicFile(
        '/etc/systemd/system/rabbitmq-server.service.d/limits.conf',
        await limits({ openFiles: file.rabbitmq.limits.open_files }),
      ),
    ];
  };
}

function variables(file: ClusterFile, node: FileNode): { name: string; value: string }[] {
  const all: Record<string, Scalar> = {
    NODENAME: nodeNameOf(node),
    ...(file.rabbitmq.long_names ? { USE_LONGNAME: true } : {}),
    ...file.rabbitmq.environment,
    ...node.environment,
  };
  const size = quorumSize(file);
  // It has no key in rabbitmq.conf; what the file says itself comes after it, and so wins.
  if (size !== usualQuorumSize) {
    const given = all.SERVER_ADDITIONAL_ERL_ARGS;
    all.SERVER_ADDITIONAL_ERL_ARGS = `-rabbit quorum_cluster_size ${size}${given === undefined ? '' : ` ${given}`}`;
  }
  return Object.entries(all).map(([name, value]) => ({ name, value: shellWord(String(value)) }));
}

/** rabbitmq-env.conf is read by a shell. */
function shellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
