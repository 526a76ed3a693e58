import { template } from './template.js';

export interface RabbitmqConfInput {
  readonly cluster: string;
  readonly node: { readonly name: string; readonly amqpPort: number; readonly managementPort: number };
  /** All nodes of the cluster, in the same order on each: they find each other by this list. */
  readonly peers: readonly string[];
  /** Keys of the cluster file. */
  readonly config?: Readonly<Record<string, string>> | undefined;
}

/** Writes rabbitmq.conf, for as many nodes as it is asked to. */
export async function rabbitmqConf(): Promise<(input: RabbitmqConfInput) => Promise<string>> {
  const fill = await template('rabbitmq.conf');
  return ({ cluster, node, peers, config = {} }) =>
    fill({
      cluster: { name: cluster },
      node,
      peers: peers.length > 1 ? peers : [],
      settings: Object.entries(config).map(([key, value]) => ({ key, value })),
    });
}

/** The Erlang list that RabbitMQ reads its enabled plugins from. */
export function enabledPlugins(plugins: readonly string[]): string {
  return `[${plugins.join(',')}].\n`;
}
