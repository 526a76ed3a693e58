import { renderTemplate } from './template.js';

export interface RabbitmqConfInput {
  readonly cluster: string;
  readonly node: { readonly name: string; readonly amqpPort: number; readonly managementPort: number };
  /** All nodes of the cluster, in the same order on each: they find each other by this list. */
  readonly peers: readonly string[];
}

export function rabbitmqConf(input: RabbitmqConfInput): Promise<string> {
  return renderTemplate('rabbitmq.conf', {
    cluster: { name: input.cluster },
    node: input.node,
    peers: input.peers.length > 1 ? input.peers : [],
  });
}

/** The Erlang list that RabbitMQ reads its enabled plugins from. */
export function enabledPlugins(plugins: readonly string[]): string {
  return `[${plugins.join(',')}].\n`;
}
