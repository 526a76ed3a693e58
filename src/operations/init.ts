import type { Warning } from '../cluster-file/cluster-file.js';
import type { NewCluster } from '../cluster-file/new-cluster.js';
import { parseClusterFile } from '../cluster-file/read.js';
import { WarrenError } from '../errors/warren-error.js';
import { writeNewFile } from './new-file.js';

export interface InitResult {
  readonly file: string;
  readonly cluster: string;
  readonly warnings: readonly Warning[];
}

/** Writes a new cluster file, after it has been read as it will be. */
export async function init(cluster: NewCluster, file: string): Promise<InitResult> {
  const { newClusterText } = await import('../cluster-file/new-cluster.js');
  const text = newClusterText(cluster);
  const { warnings } = await read(text, file);
  await writeNewFile({ file, text, mode: 0o644 }, 'init');
  return { file, cluster: cluster.name, warnings };
}

/** What cannot be is a mistake of the command line, for no file is there yet. */
async function read(text: string, file: string) {
  try {
    return await parseClusterFile(text, file);
  } catch (error) {
    if (!(error instanceof WarrenError) || error.code !== 'CLUSTER_FILE_INVALID') throw error;
    const { message, next } = error.report;
    throw WarrenError.of('USAGE', { problem: message, command: 'init' }, { why: next, cause: error });
  }
}
