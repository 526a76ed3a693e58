import { readFile } from 'node:fs/promises';
import { WarrenError } from '../../errors/warren-error.js';
import { packageFile } from '../../package/package-file.js';
import type { Transport } from '../transport/transport.js';

/** A file, or the journal of some services. */
export type LogSource =
  | { readonly what: 'file'; readonly path: string }
  | { readonly what: 'journal'; readonly units: readonly string[] };

export interface LogQuestion {
  readonly source: LogSource;
  readonly lines: number;
  /** Seconds since the epoch. */
  readonly since?: number | undefined;
  /** Where the last look ended: what came after it is wanted. */
  readonly after?: string | undefined;
}

export interface LogPiece {
  readonly text: string;
  /** Where this look ended. */
  readonly end: string;
}

/** One look at a host's log; following it means looking again and again from where the last look ended. */
export async function readLog(
  transport: Transport,
  { source, lines, since, after }: LogQuestion,
  signal: AbortSignal,
): Promise<LogPiece> {
  const from = source.what === 'file' ? source.path : source.units.join(' ');
  const words = [source.what, from, String(lines), since === undefined ? '' : String(since), after ?? ''];
  const args = ['-c', await script(), 'warren-log', ...words];
  const options = { signal, readOnly: true, timeoutMs: 30_000 };
  const { status, stdout, stderr } = await transport.run('sh', args, options);
  if (status !== 0) {
    const facts = { tool: 'reading the log', status, output: stderr };
    throw WarrenError.of('TOOL_FAILED', facts, { where: transport.host });
  }
  const line = stdout.indexOf('\n');
  return { end: stdout.slice(0, line) || (after ?? ''), text: stdout.slice(line + 1) };
}

function script(): Promise<string> {
  return readFile(packageFile('templates/host-log.sh'), 'utf8');
}
