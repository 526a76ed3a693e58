import type { ClusterFile } from '../../cluster-file/cluster-file.js';
import type { Snapshot } from '../../watch/snapshot.js';
import { findTarget } from '../find-target.js';
import type { SshOptions } from '../open-host.js';
import type { Surroundings } from '../surroundings.js';
import { assemble, type Heard } from './assemble.js';

/** Which cluster is watched, as it is given on the command line. */
export interface WatchTarget {
  readonly cluster?: string | undefined;
  readonly url?: string | undefined;
  readonly concurrency: number;
  readonly ssh: SshOptions;
}

/** Looks at a cluster, again and again; each look after the first knows how much was counted since. */
export interface Source {
  /** `clients`: connections, channels and consumers as well, which costs more. */
  look(wish?: { readonly clients?: boolean }): Promise<Snapshot>;
}

export type Listen = (wish: { readonly clients: boolean }) => Promise<Heard>;

/** A cluster of this machine, one on the hosts of a cluster file, or whatever answers at a URL. */
export async function openSource(target: WatchTarget, surroundings: Surroundings): Promise<Source> {
  const listen = await listener(target, surroundings);
  let before: Heard | undefined;
  return {
    async look({ clients = false } = {}) {
      surroundings.signal.throwIfAborted();
      const heard = await listen({ clients });
      surroundings.signal.throwIfAborted();
      const snapshot = assemble(heard, before);
      before = heard.statistics ? heard : before;
      return snapshot;
    },
  };
}

async function listener(target: WatchTarget, surroundings: Surroundings): Promise<Listen> {
  if (target.url !== undefined) {
    const { listenToUrl } = await import('./listen-to-url.js');
    return listenToUrl(target.url, surroundings);
  }
  const found = await findTarget(surroundings.state, target.cluster);
  if (found.kind === 'hosts') return listenToFile(found.file, target, surroundings);
  const { listenHere } = await import('./listen-here.js');
  return listenHere(found.cluster, surroundings);
}

async function listenToFile(
  file: ClusterFile,
  target: WatchTarget,
  surroundings: Surroundings,
): Promise<Listen> {
  const { listenToHosts } = await import('./listen-to-hosts.js');
  return listenToHosts({ file, concurrency: target.concurrency, ssh: target.ssh }, surroundings);
}
