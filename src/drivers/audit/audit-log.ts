import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Transport } from '../transport/transport.js';

/**
 * One line of JSON when a run begins to change hosts, and one when it ends, both
 * with the run's id: a beginning without an end is a run that broke off. The
 * lines go to this machine's state folder and to every host of the run, so who
 * looks at a host sees what was done there, and by whom, wherever it was typed.
 */
export interface AuditLine {
  readonly run: string;
  readonly at: string;
  readonly event: 'begin' | 'end';
  readonly who: string;
  readonly command: string;
  readonly cluster: string;
  readonly hosts: readonly string[];
  readonly outcome?: 'done' | 'nothing to do' | 'failed' | 'interrupted' | undefined;
  readonly seconds?: number | undefined;
  /** At the beginning: what is to be done, which is all that is known of a run that breaks off. */
  readonly planned?: readonly AuditedChange[] | undefined;
  readonly changes?: readonly AuditedChange[] | undefined;
  readonly error?: string | undefined;
}

interface AuditedChange {
  readonly phase: string;
  readonly host?: string | undefined;
  readonly sentence: string;
}

export const hostAuditLog = '/var/log/warren/audit.log';

export function auditFile(state: string, cluster: string): string {
  return join(state, 'audit', `${cluster}.jsonl`);
}

export async function appendAudit(file: string, line: AuditLine): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

/** Half a line, of one who was killed meanwhile, would spoil the next one as well. */
const append = `umask 077
line=$(cat; echo .)
case $line in
  *'
.') mkdir -p "$(dirname "$1")" && printf %s "\${line%.}" >>"$1" ;;
  *) exit 1 ;;
esac`;

/** A host that cannot take the line is one that the run reports anyway. */
export async function appendHostAudit(transport: Transport, line: AuditLine): Promise<void> {
  const input = `${JSON.stringify(line)}\n`;
  const args = ['-c', append, 'warren-audit', hostAuditLog];
  await transport.run('sh', args, { input, timeoutMs: 10_000 }).catch(() => {});
}

export async function readAudit(file: string): Promise<AuditLine[]> {
  try {
    return linesOf(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A line that was cut short by a power-off is no line. */
export function linesOf(text: string): AuditLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as AuditLine];
    } catch {
      return [];
    }
  });
}
