/**
 * The two engines that twin tests compare, one node each, started once for all
 * test files. Without RabbitMQ on this machine there is nothing to compare, and
 * those tests skip themselves.
 */
import type { TestProject } from 'vitest/node';
import { type EngineCluster, startCluster } from './cluster.js';
import { bundled, installed, rabbitmq } from './engine.js';
import type { NodeSpecification } from './node.js';

declare module 'vitest' {
  interface ProvidedContext {
    twins: { bundled: NodeSpecification; rabbitmq: NodeSpecification } | undefined;
  }
}

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  if (!installed.rabbitmq) {
    project.provide('twins', undefined);
    return async () => {};
  }
  const started = await Promise.allSettled([bundled, rabbitmq].map((engine) => startCluster(engine)));
  const clusters = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(clusters.map((cluster) => cluster.destroy()));
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const [ours, theirs] = clusters as [EngineCluster, EngineCluster];
  project.provide('twins', {
    bundled: ours.nodes[0]!.specification,
    rabbitmq: theirs.nodes[0]!.specification,
  });
  return stop;
}
