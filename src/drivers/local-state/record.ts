import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { WarrenError } from '../../errors/warren-error.js';
import { clusterFolders, clustersRoot } from './folders.js';

/**
 * The shape of a local cluster: what its nodes are called, where they listen,
 * which engine runs them. It says nothing of what runs; the processes say that.
 */
export interface NodeRecord {
  readonly name: string;
  readonly amqpPort: number;
  readonly managementPort: number;
  readonly distPort: number;
  /** From its cluster file, as far as it says something for this node. */
  readonly settings?: NodeSettings;
}

/** Keys of rabbitmq.conf, and RABBITMQ_… variables. */
interface NodeSettings {
  readonly config: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ClusterRecord {
  readonly name: string;
  readonly engine: string;
  readonly engineFolder: string;
  readonly ha: string;
  readonly plugins: readonly string[];
  readonly nodes: readonly NodeRecord[];
  /** Of every node, so of one that is added later as well. */
  readonly settings?: NodeSettings;
  /** The cluster file it was raised from, if any. */
  readonly file?: string;
}

export async function readRecord(state: string, cluster: string): Promise<ClusterRecord | undefined> {
  const file = clusterFolders(state, cluster).record;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw WarrenError.of('RECORD_UNREADABLE', { file, problem: (error as Error).message }, { cause: error });
  }
  try {
    return checked(JSON.parse(text));
  } catch (error) {
    throw WarrenError.of('RECORD_UNREADABLE', { file, problem: (error as Error).message }, { cause: error });
  }
}

/** Written aside and renamed, so that a reader sees the old shape or the new one, never half of one. */
export async function writeRecord(state: string, record: ClusterRecord): Promise<void> {
  const file = clusterFolders(state, record.name).record;
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(aside, file);
}

/** The names of the clusters of this machine, in alphabetical order. */
export async function clusterNames(state: string): Promise<string[]> {
  try {
    const entries = await readdir(clustersRoot(state), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw WarrenError.of(
      'STATE_FOLDER',
      { folder: state, reason: (error as Error).message },
      { cause: error },
    );
  }
}

function checked(value: unknown): ClusterRecord {
  const record = value as ClusterRecord;
  const whole =
    typeof record?.name === 'string' &&
    typeof record.engine === 'string' &&
    typeof record.engineFolder === 'string' &&
    Array.isArray(record.nodes) &&
    record.nodes.every((node) => typeof node.name === 'string' && Number.isInteger(node.amqpPort));
  if (!whole) throw new Error('it lacks the name, the engine or the nodes');
  return record;
}
