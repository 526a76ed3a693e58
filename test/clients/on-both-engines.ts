import { describe, inject, it } from 'vitest';
import { startCluster } from '../engines/cluster.js';
import { emptyDefaultVhost } from '../engines/empty.js';
import { bundled } from '../engines/engine.js';
import { EngineNode } from '../engines/node.js';

/** A test of one client on each engine; on the bundled one alone where RabbitMQ is not installed. */
export function onBothEngines(
  client: string,
  work: (node: EngineNode) => Promise<void>,
  possible = true,
): void {
  const twins = inject('twins');
  describe.skipIf(!possible)(client, () => {
    it('publishes, consumes and confirms: bundled', async () => {
      if (twins) return workOn(new EngineNode(twins.bundled));
      const cluster = await startCluster(bundled);
      await work(cluster.nodes[0]!).finally(() => cluster.destroy());
    });

    it.skipIf(!twins)('publishes, consumes and confirms: rabbitmq', () =>
      workOn(new EngineNode(twins!.rabbitmq)),
    );
  });

  /** Frameworks leave objects of their own, for the next start. */
  async function workOn(node: EngineNode): Promise<void> {
    await work(node).finally(() => emptyDefaultVhost(node));
  }
}
