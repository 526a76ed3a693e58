import { down } from './down.js';
import { findCluster } from './find-cluster.js';
import { followLogs } from './logs.js';
import type { Surroundings } from './surroundings.js';

export interface StayOptions {
  readonly cluster: string;
  readonly command: string;
  readonly write: (line: string) => void;
}

/** Shows the logs until the signal says stop, then stops the cluster. */
export async function stay(options: StayOptions, surroundings: Surroundings): Promise<void> {
  const cluster = await findCluster(surroundings.state, options.cluster);
  try {
    await followLogs(
      { cluster, nodes: cluster.record.nodes, lines: 0, write: options.write },
      surroundings.signal,
    );
  } finally {
    const unhurried = { ...surroundings, signal: new AbortController().signal };
    await down(
      { cluster: options.cluster, purge: false, command: options.command, watch: () => {} },
      unhurried,
    );
  }
}
