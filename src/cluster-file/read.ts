import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { WarrenError } from '../errors/warren-error.js';
import type { ClusterFile } from './cluster-file.js';

/** Reads a cluster file; its first error is thrown with file, line and column. */
export async function readClusterFile(file: string, home = homedir()): Promise<ClusterFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw WarrenError.of('CLUSTER_FILE_MISSING', { file }, { why: (error as Error).message, cause: error });
  }
  return parseClusterFile(text, file, home);
}

export async function parseClusterFile(text: string, file: string, home = homedir()): Promise<ClusterFile> {
  // Only who has a cluster file pays for the parser and the schema.
  const [{ Text }, { clusterFileSchema }, { problemsOf }, { findings }, { normalise }] = await Promise.all([
    import('./text.js'),
    import('./schema.js'),
    import('./problems.js'),
    import('./checks/findings.js'),
    import('./normalise.js'),
  ]);
  const source = Text.parse(text, file);
  const parsed = clusterFileSchema.safeParse(source.value);
  if (!parsed.success) throw source.invalid(problemsOf(parsed.error.issues, source, clusterFileSchema));
  const { errors, warnings } = findings(parsed.data);
  if (errors.length > 0) throw source.invalid(errors.map((finding) => source.problem(finding)));
  return normalise(
    parsed.data,
    { file, home },
    warnings.map((finding) => source.warning(finding)),
  );
}
