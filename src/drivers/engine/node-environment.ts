import type { ClusterFolders } from '../local-state/folders.js';
import type { NodeRecord } from '../local-state/record.js';

type Environment = Record<string, string>;

/**
 * Set for a node's server alone, with the node's folder as its value: by it a
 * process is known to be this node. It is not among the variables that
 * `warren env` prints, or a user's own programs would be taken for the node.
 */
export const markName = 'WARREN_NODE';

/** The variables of RabbitMQ's that make a node this node and no other. */
export function nodeVariables(node: NodeRecord, folders: ClusterFolders): Environment {
  const own = folders.node(node.name);
  return {
    RABBITMQ_NODENAME: node.name,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(node.amqpPort),
    RABBITMQ_DIST_PORT: String(node.distPort),
    RABBITMQ_CONFIG_FILE: own.configuration,
    RABBITMQ_ENABLED_PLUGINS_FILE: own.enabledPlugins,
    RABBITMQ_MNESIA_BASE: own.data,
    RABBITMQ_LOG_BASE: own.log,
    RABBITMQ_PID_FILE: own.pidFile,
    // The host's own rabbitmq-env.conf speaks of the host's node, not of this one.
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
  };
}

/** The environment that a node or one of its tools is started with. */
export function nodeEnvironment(
  node: NodeRecord,
  folders: ClusterFolders,
  inherited: Readonly<Record<string, string | undefined>>,
): Environment {
  const own = prefixed(node.settings?.environment);
  return {
    ...withoutRabbit(inherited),
    ...own,
    HOME: folders.home,
    ...nodeVariables(node, folders),
    // Erlang's inter-node listener is for this machine only, as the others are.
    [erlangArguments]: [own[erlangArguments], '-kernel inet_dist_use_interface {127,0,0,1}']
      .filter(Boolean)
      .join(' '),
  };
}

const erlangArguments = 'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS';

/** In rabbitmq-env.conf they stand without the prefix. */
function prefixed(environment: Readonly<Record<string, string>> = {}): Environment {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [`RABBITMQ_${name.replace(/^RABBITMQ_/, '')}`, value]),
  );
}

/** The user's own RABBITMQ_* variables speak of another node. */
function withoutRabbit(inherited: Readonly<Record<string, string | undefined>>): Environment {
  const kept: Environment = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !name.startsWith('RABBITMQ_') && name !== markName) kept[name] = value;
  }
  return kept;
}
