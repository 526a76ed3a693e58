/** The process itself: answered whether the application runs or not. */
import type { Handlers } from './handler.js';
import type { NodeFacts } from './node-control.js';

type Names =
  | 'app'
  | 'facts'
  | 'members'
  | 'stop'
  | 'stop_app'
  | 'start_app'
  | 'reset'
  | 'join'
  | 'forget'
  | 'set_plugins'
  | 'connect_to'
  | 'set_memory_high_watermark'
  | 'set_disk_free_limit'
  | 'environment'
  | 'force_boot'
  | 'suspend_listeners'
  | 'resume_listeners'
  | 'set_log_level'
  | 'force_gc'
  | 'peers'
  | 'os_env';

export const nodeHandlers: Handlers<Names> = {
  app: (_args, { node }) => node.app,
  facts: (_args, { node }) => node.facts(),
  members: (_args, { node }) => node.members(),
  stop: async (_args, { node }) => {
    await node.stop();
    return null;
  },
  stop_app: async (_args, { node }) => {
    await node.stopApp();
    return null;
  },
  start_app: async (_args, { node }) => {
    await node.startApp();
    return null;
  },
  reset: async ({ force }, { node }) => {
    await node.reset(force);
    return null;
  },
  join: ({ node: seed, type }, { node }) => node.join(seed, type),
  forget: async ({ node: name, offline }, { node }) => {
    await node.forget(name, offline);
    return null;
  },
  set_plugins: ({ enabled }, { node }) => node.setPlugins(enabled),
  connect_to: (listener, { node }) => node.connectTo(listener),
  set_memory_high_watermark: (watermark, { node }) => {
    node.setMemoryHighWatermark(watermark);
    return null;
  },
  set_disk_free_limit: (limit, { node }) => {
    node.setDiskFreeLimit(limit);
    return null;
  },
  environment: (_args, { node }) => environmentOf(node.facts()),
  force_boot: async (_args, { node }) => {
    await node.forceBoot();
    return null;
  },
  suspend_listeners: async (_args, { node }) => {
    await node.suspendListeners();
    return null;
  },
  resume_listeners: async (_args, { node }) => {
    await node.resumeListeners();
    return null;
  },
  set_log_level: ({ level }, { node }) => {
    node.setLogLevel(level);
    return null;
  },
  force_gc: (_args, { node }) => {
    node.collectGarbage();
    return null;
  },
  peers: (_args, { node }) => node.peersConfigured(),
  os_env: () => rabbitVariables(process.env),
};

/** Nothing that may be a secret. */
function rabbitVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = Object.keys(env).filter((name) => name.startsWith('RABBITMQ_') && !/COOKIE|PASS/.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, env[name]!]));
}

/** By application and key, as RabbitMQ's; nothing secret. */
function environmentOf(facts: NodeFacts): Record<string, unknown> {
  const ports = (protocol: string) =>
    facts.listeners.filter((listener) => listener.protocol === protocol).map(({ port }) => port);
  const { memoryHighWatermark: watermark } = facts;
  return {
    rabbit: {
      tcp_listeners: ports('amqp'),
      ssl_listeners: ports('amqp/ssl'),
      vm_memory_high_watermark: 'relative' in watermark ? watermark.relative : { absolute: watermark.bytes },
      disk_free_limit: facts.disk.limit,
      enabled_plugins_file: facts.enabledPluginsFile,
      data_dir: facts.dataDirectory,
      config_file: facts.configFile ?? '',
      log_files: facts.logFiles,
    },
    rabbitmq_management: { tcp_config: ports('http').map((port) => ({ port })) },
  };
}
