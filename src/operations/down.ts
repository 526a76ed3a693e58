import { lockFile, removeEmptyFolders } from '../drivers/local-state/folders.js';
import { withLock } from '../drivers/local-state/lock.js';
import type { Surroundings } from '../phases/local-context.js';
import type { PhaseWatcher } from '../phases/phase.js';
import { removeFiles } from '../phases/remove-files.js';
import { runPhases } from '../phases/runner.js';
import { stopNodes } from '../phases/stop-nodes.js';
import { findCluster } from './find-cluster.js';
import { localContext } from './local-context.js';

export interface DownOptions {
  readonly cluster?: string | undefined;
  readonly purge: boolean;
  readonly command: string;
  readonly watch: PhaseWatcher;
}

export interface DownResult {
  readonly cluster: string;
  readonly stopped: readonly string[];
  readonly purged: boolean;
}

/** Stops every node of a local cluster; with `purge`, removes all that it left. */
export async function down(options: DownOptions, surroundings: Surroundings): Promise<DownResult> {
  const cluster = await findCluster(surroundings.state, options.cluster);
  const { name } = cluster.record;
  const file = lockFile(surroundings.state, name);
  const result = await withLock(
    { file, cluster: name, command: options.command, now: surroundings.now },
    async () => {
      const stopped: string[] = [];
      const phases = [stopNodes(stopped), ...(options.purge ? [removeFiles] : [])];
      const context = localContext(cluster, surroundings);
      await runPhases(phases, context, { signal: surroundings.signal, watch: options.watch });
      return { cluster: name, stopped, purged: options.purge };
    },
  );
  if (options.purge) await removeEmptyFolders(surroundings.state);
  return result;
}
