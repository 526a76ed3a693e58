import { resolve } from 'node:path';
import { apiOf } from '../../phases/hosts/api.js';
import { brokersOf } from '../../phases/hosts/context.js';
import { look } from '../../phases/hosts/look.js';
import { runs } from '../../phases/hosts/node-state.js';
import { amqpPortOf } from '../../phases/hosts/ports.js';
import { runPhases } from '../../phases/runner.js';
import { type HostRunOptions, hostRun } from '../host-run.js';
import type { Surroundings } from '../surroundings.js';
import type { TracedCluster, TracedNode } from './cluster.js';

/** The hosts of a cluster file, connected over SSH until it is closed. */
export async function tracedHosts(
  options: HostRunOptions,
  surroundings: Surroundings,
): Promise<TracedCluster> {
  const { file } = options;
  const { context, close } = await hostRun(options, surroundings);
  try {
    await runPhases([look], context, { signal: surroundings.signal });
  } catch (error) {
    await close();
    throw error;
  }
  const { login } = context.view;
  const nodes = brokersOf(context).map((broker): TracedNode => {
    const { name, nodeName: node, address } = broker;
    const amqp = (vhost: string) => {
      const { user, password } = login ?? { user: 'guest', password: 'guest' };
      const port = amqpPortOf({ ...file.rabbitmq.config, ...broker.node.config });
      const [one, other, path] = [user, password, vhost].map(encodeURIComponent);
      return `amqp://${one}:${other}@${address}:${port}/${path}`;
    };
    const failure = context.failures.get(name);
    if (failure) return { node, silence: failure.report.message, amqp };
    const facts = context.facts.get(name);
    if (!facts || !runs(facts)) return { node, silence: 'RabbitMQ does not run on its host', amqp };
    if (!login) return { node, silence: 'the management API takes no login of the cluster file', amqp };
    return { node, api: apiOf(context, broker, login), amqp };
  });
  return {
    name: file.name,
    target: { cluster: resolve(file.file) },
    nodes,
    close: async () => {
      for (const { api } of nodes) api?.close();
      await close();
    },
  };
}
