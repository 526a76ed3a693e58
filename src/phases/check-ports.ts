import { observe } from '../drivers/engine/node-process.js';
import { holderOf, isFree } from '../drivers/procfs/listener.js';
import { WarrenError } from '../errors/warren-error.js';
import { metricsPort } from '../render/rabbitmq-conf.js';
import type { LocalContext } from './local-context.js';
import type { Phase } from './phase.js';

/** Says which port is taken, and by whom, before anything is started. */
export const checkPorts: Phase<LocalContext> = {
  title: 'Check that the ports are free',
  async run({ nodes, folders, cluster }) {
    const idle = nodes.filter((node) => observe(folders.node(node.name)).state === 'stopped');
    const wanted = idle.flatMap((node) =>
      [
        node.amqpPort,
        node.managementPort,
        node.distPort,
        ...(cluster.plugins.includes('rabbitmq_prometheus') ? [metricsPort(node.managementPort)] : []),
      ].map((port) => ({ node: node.name, port })),
    );
    const taken = await Promise.all(wanted.map(async (one) => ((await isFree(one.port)) ? undefined : one)));
    const first = taken.find((one) => one !== undefined);
    if (!first) return;
    const free = await freeBase(cluster.nodes.length, (cluster.nodes[0]?.amqpPort ?? 5672) + 100);
    throw WarrenError.of('PORT_IN_USE', {
      ...first,
      holder: holderOf(first.port),
      ...(free ? { free } : {}),
    });
  },
};

/** A base from which all ports of so many nodes are free, to be offered instead. */
async function freeBase(count: number, from: number): Promise<number | undefined> {
  for (let base = from; base < from + 2_000 && base + 20_000 + count < 65_536; base += 100) {
    const ports = Array.from({ length: count }, (_, i) => [base + i, base + i + 10_000, base + i + 20_000]);
    const free = await Promise.all(ports.flat().map(isFree));
    if (free.every(Boolean)) return base;
  }
  return undefined;
}
