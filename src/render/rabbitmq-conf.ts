import { template } from './template.js';

export interface RabbitmqConfInput {
  readonly cluster: string;
  readonly node: { readonly name: string; readonly amqpPort: number; readonly managementPort: number };
  /** All nodes of the cluster, in the same order on each: they find each other by this list. */
  readonly peers: readonly string[];
  /** Keys of the cluster file. */
  readonly config?: Readonly<Record<string, string>> | undefined;
}

/** RabbitMQ's own distance: 15672, 15692. It listens there while rabbitmq_prometheus is enabled. */
export const metricsPort = (managementPort: number) => managementPort + 20;

/** Writes rabbitmq.conf, for as many nodes as it is asked to. */
export async function rabbitmqConf(): Promise<(input: RabbitmqConfInput) => Promise<string>> {
  const fill = await template('rabbitmq.conf');
  return ({ cluster, node, peers, config = {} }) =>
    fill({
      cluster: { name: cluster },
      node,
      metricsPort: metricsPort(node.managementPort),
      peers: peers.length > 1 ? peers : [],
      settings: Object.entries(config).map(([key, value]) => ({ key, value })),
    });
}

/** The Erlang list that RabbitMQ reads its enabled plugins from. */
export function enabledPlugins(plugins: readonly string[]): string {
  return `[${plugins.join(',')}].\n`;
}
