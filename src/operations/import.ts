import type { Warning } from '../cluster-file/cluster-file.js';
import { parseClusterFile } from '../cluster-file/read.js';
import { ManagementApi } from '../drivers/management-api/client.js';
import { WarrenError } from '../errors/warren-error.js';
import { urlOf } from './broker/url.js';
import { findCluster, runningNodes } from './find-cluster.js';
import { importCluster } from './import/import-cluster.js';
import { writeNewFile } from './new-file.js';
import type { Surroundings } from './surroundings.js';

export interface ImportOptions {
  readonly url?: string | undefined;
  readonly askPassword?: ((user: string) => Promise<string>) | undefined;
  readonly cluster?: string | undefined;
  readonly file: string;
  readonly hashes?: string | undefined;
}

export interface ImportResult {
  readonly file: string;
  readonly cluster: string;
  readonly nodes: number;
  readonly notes: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Writes the cluster file of a running cluster. */
export async function importFile(options: ImportOptions, surroundings: Surroundings): Promise<ImportResult> {
  const api = await managementApi(options, surroundings);
  try {
    const { sections, secrets, notes } = await importCluster(api, options);
    const { yamlText } = await import('../cluster-file/yaml-text.js');
    const text = `${head(api.url, notes)}\n${yamlText(sections)}`;
    await writeNewFile({ file: options.file, text, mode: 0o644 }, 'import');
    for (const [file, secret] of secrets) await writeNewFile({ file, text: secret, mode: 0o600 }, 'import');
    // Read again only now: what is wrong with it can be looked up and corrected.
    const { name, nodes, warnings } = await parseClusterFile(text, options.file);
    return { file: options.file, cluster: name, nodes: nodes?.length ?? 0, notes, warnings };
  } finally {
    api.close();
  }
}

async function managementApi(options: ImportOptions, surroundings: Surroundings): Promise<ManagementApi> {
  const url = await urlOf(options, surroundings);
  if (url !== undefined) return new ManagementApi(url, undefined, surroundings.signal);
  const found = await findCluster(surroundings.state, options.cluster);
  const [node] = runningNodes(found);
  if (!node) throw WarrenError.of('CLUSTER_NOT_RUNNING', { cluster: found.record.name });
  return ManagementApi.ofPort(node.managementPort);
}

function head(url: string, notes: readonly string[]): string {
  const lines = [`Written by warren import from the cluster at ${url}.`, ...notes.map((note) => `- ${note}`)];
  return lines.map((line) => `# ${line}\n`).join('');
}
