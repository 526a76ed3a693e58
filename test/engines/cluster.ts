import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Engine } from './engine.js';
import { EngineNode, host } from './node.js';
import { freePorts, type Ports } from './ports.js';

export interface EngineCluster {
  readonly nodes: readonly EngineNode[];
  /** Kills what still runs and removes every file. */
  destroy(): Promise<void>;
}

/** Lines of rabbitmq.conf, the same for every node or made from its ports. */
type Configuration = readonly string[] | ((ports: Ports) => readonly string[]);

/** `count` nodes of an engine, formed into one cluster by their configuration. */
export async function startCluster(
  engine: Engine,
  count = 1,
  configuration: Configuration = [],
  plugins?: readonly string[],
): Promise<EngineCluster> {
  const cluster = await prepareCluster(engine, count, configuration, true, plugins);
  try {
    await Promise.all(cluster.nodes.map((node) => node.start()));
  } catch (error) {
    await cluster.destroy();
    throw error;
  }
  return cluster;
}

/** The same, not started: for tests of starting itself. Without `known`, no node has heard of another. */
export async function prepareCluster(
  engine: Engine,
  count = 1,
  configuration: Configuration = [],
  known = true,
  plugins: readonly string[] = ['rabbitmq_management'],
): Promise<EngineCluster> {
  const home = await mkdtemp(path.join(os.tmpdir(), `warren-${engine.name}-`));
  const names = Array.from(
    { length: count },
    (_, index) => `${path.basename(home).toLowerCase()}-${index + 1}`,
  );
  const peers = known && count > 1 ? peerLines(names) : [];
  const nodes: EngineNode[] = [];
  for (const shortName of names) {
    const ports = await freePorts();
    const lines = typeof configuration === 'function' ? configuration(ports) : configuration;
    nodes.push(
      new EngineNode({ engine, shortName, ports, home, plugins, configuration: [...peers, ...lines] }),
    );
  }
  await Promise.all(nodes.map((node) => node.writeFiles()));
  return {
    nodes,
    async destroy() {
      // Coverage is written by a node that stops by itself.
      const end = (node: EngineNode) => (process.env.WARREN_COVERAGE ? node.stop() : node.kill());
      await Promise.all(nodes.map(end));
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function peerLines(names: string[]): string[] {
  return [
    'cluster_formation.peer_discovery_backend = classic_config',
    ...names.map((name, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${name}@${host}`),
  ];
}
