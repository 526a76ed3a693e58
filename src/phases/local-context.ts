import type { Engine } from '../drivers/engine/find.js';
import type { ClusterFolders } from '../drivers/local-state/folders.js';
import type { ClusterRecord, NodeRecord } from '../drivers/local-state/record.js';
import type { DetachedProcess, LocalTransport } from '../drivers/transport/transport.js';

/** What an operation knows of the program's surroundings; nothing reads them from a global. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that holds the records and the files of all local clusters. */
  readonly state: string;
  readonly transport: LocalTransport;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** What the phases of an operation on one local cluster share. */
export interface LocalContext {
  readonly surroundings: Surroundings;
  readonly cluster: ClusterRecord;
  readonly folders: ClusterFolders;
  readonly engine: Engine;
  /** The nodes that this operation is about; the others are left alone. */
  readonly nodes: readonly NodeRecord[];
  /** Nothing of this cluster was there before this operation. */
  readonly fresh: boolean;
  readonly timeoutMs: number;
  /** Filled by the phase that launches nodes. */
  readonly launched: Map<string, DetachedProcess>;
}
