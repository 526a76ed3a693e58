import { readFile } from 'node:fs/promises';
import { nearest } from '../errors/suggestion.js';
import { WarrenError } from '../errors/warren-error.js';
import type { ClusterFile } from './cluster-file.js';

/** Reads a cluster file; its first error is thrown with file, line and column. */
export async function readClusterFile(file: string): Promise<ClusterFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw WarrenError.of('CLUSTER_FILE_MISSING', { file }, { why: (error as Error).message, cause: error });
  }
  return parseClusterFile(text, file);
}

export async function parseClusterFile(text: string, file: string): Promise<ClusterFile> {
  // Only who has a cluster file pays for the parser and the schema.
  const [{ LineCounter, parseDocument }, { clusterFileSchema }, { problemsOf }] = await Promise.all([
    import('yaml'),
    import('./schema.js'),
    import('./problems.js'),
  ]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors[0];
  if (syntax) throw invalid(file, lines.linePos(syntax.pos[0]), syntax.message);
  const parsed = clusterFileSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return withNamedNodes(parsed.data);
  const [first] = problemsOf(parsed.error.issues, document);
  const { line, col } = lines.linePos(first!.offset);
  const near = first!.unknownKey && nearest(first!.unknownKey, first!.knownKeys);
  throw invalid(file, { line, col }, first!.message, near ? `did you mean '${near}'?` : undefined);
}

type Parsed = Omit<ClusterFile, 'nodes'> & { nodes?: number | ClusterFile['nodes'] };

function withNamedNodes(parsed: Parsed): ClusterFile {
  const { nodes, ...rest } = parsed;
  if (typeof nodes !== 'number') return { ...rest, ...(nodes ? { nodes } : {}) };
  const prefix = parsed.name ?? 'rabbit';
  return { ...rest, nodes: Array.from({ length: nodes }, (_, i) => ({ name: `${prefix}-${i + 1}` })) };
}

function invalid(
  file: string,
  at: { line: number; col: number },
  problem: string,
  suggestion?: string,
): WarrenError {
  return WarrenError.of(
    'CLUSTER_FILE_INVALID',
    { problem, ...(suggestion ? { suggestion } : {}) },
    { where: `${file}:${at.line}:${at.col}` },
  );
}
