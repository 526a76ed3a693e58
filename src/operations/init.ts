import type { Warning } from '../cluster-file/cluster-file.js';
import type { NewCluster } from '../cluster-file/new-cluster.js';
import { parseClusterFile } from '../cluster-file/read.js';
import { passwordVariable } from '../cluster-file/upstream-word.js';
import { WarrenError } from '../errors/warren-error.js';
import { writeNewFile } from './new-file.js';

export interface InitResult {
  readonly file: string;
  readonly cluster: string;
  readonly warnings: readonly Warning[];
}

/** Writes a new cluster file, after it has been read as it will be. */
export async function init(cluster: NewCluster, file: string): Promise<InitResult> {
  refuseUpstreams(cluster);
  const { newClusterText } = await import('../cluster-file/new-cluster.js');
  const text = newClusterText(cluster);
  const { warnings } = await read(text, file);
  await writeNewFile({ file, text, mode: 0o644 }, 'init');
  return { file, cluster: cluster.name, warnings };
}

/** The file would not say it in the words that were typed. */
function refuseUpstreams({ name, profile, upstreams }: NewCluster): void {
  const names = [name, ...upstreams.map((upstream) => upstream.name)];
  const variables = names.map(passwordVariable);
  const twice = names.find((_, index) => variables.indexOf(variables[index]!) < index);
  let problem: string | undefined;
  if (profile !== 'federated' && upstreams.length > 0)
    problem = `--upstream is of profile federated, and this is ${profile}`;
  else if (profile === 'federated' && upstreams.length === 0)
    problem = 'profile federated needs another cluster: --upstream south=10.2.0.30';
  else if (twice !== undefined)
    problem = `there are two clusters of the name ${twice} (--name is this one's)`;
  if (problem) throw WarrenError.of('USAGE', { problem, command: 'init' });
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
