import type { ClusterFile, FileNode, Scalar } from './cluster-file.js';

/** What a node of this machine is told besides: keys of rabbitmq.conf, and RABBITMQ_… variables. */
export interface LocalSettings {
  readonly config: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** Those of all nodes, or of one of them, as far as they make sense on this machine. */
export function localSettings({ rabbitmq }: ClusterFile, node?: FileNode): LocalSettings {
  const kept = (own: RegExp, ...all: Readonly<Record<string, Scalar>>[]) =>
    Object.fromEntries(
      Object.entries(Object.assign({}, ...all) as Record<string, Scalar>)
        .filter(([key]) => !own.test(key))
        .map(([key, value]) => [key, String(value)]),
    );
  return {
    config: kept(ownKeys, rabbitmq.config, node?.config ?? {}),
    environment: kept(ownVariables, rabbitmq.environment, node?.environment ?? {}),
  };
}

/** By these a node is this node of this cluster, so they are not the file's. */
const ownKeys = /^(cluster_name$|cluster_formation\.|listeners\.tcp\.|management\.(tcp|listener)\.)/;
const ownVariables =
  /^(RABBITMQ_)?(NODENAME|NODE_PORT|NODE_IP_ADDRESS|USE_LONGNAME|DIST_PORT|CONFIG_FILE|CONF_ENV_FILE|ENABLED_PLUGINS_FILE|MNESIA_(BASE|DIR)|LOG_BASE|LOGS|PID_FILE|HOME)$/;

/** What stands under rabbitmq: and has no meaning for nodes of this machine, a sentence each. */
export function notForHere({ rabbitmq, nodes = [] }: ClusterFile): string[] {
  const { version, erlang, source, long_names, tls, cookie, limits } = rabbitmq;
  const named = (own: RegExp, maps: readonly Readonly<Record<string, Scalar>>[]) => [
    ...new Set(maps.flatMap((map) => Object.keys(map).filter((key) => own.test(key)))),
  ];
  const given = [
    ...named(ownKeys, [rabbitmq.config, ...nodes.map(({ config }) => config)]),
    ...named(ownVariables, [rabbitmq.environment, ...nodes.map(({ environment }) => environment)]),
  ];
  const hosts = [
    ...(version === undefined ? [] : ['version']),
    ...(erlang === undefined ? [] : ['erlang']),
    ...(source === 'system' ? [] : ['source']),
    ...(long_names ? ['long_names'] : []),
    ...(cookie.from === 'generate' ? [] : ['cookie']),
    ...(limits.open_files === usualOpenFiles ? [] : ['limits']),
  ];
  return [
    ...(given.length > 0
      ? [`not taken over, since names and ports on this machine are up's own: ${given.join(', ')}`]
      : []),
    ...(hosts.length > 0
      ? [`for nodes on hosts, and not used here: ${hosts.map((key) => `rabbitmq.${key}`).join(', ')}`]
      : []),
    ...(tls
      ? [
          'rabbitmq.tls is for nodes on hosts; here listeners.ssl.default and ssl_options.* go under config: of a node',
        ]
      : []),
  ];
}

export const usualOpenFiles = 65_536;
