import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WarrenError } from '../errors/warren-error.js';
import type { Access, Finding, LintFile, Machine, Severity } from '../lint/finding.js';
import { kindOf, lint } from '../lint/lint.js';

export interface LintResult {
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Severity, number>>;
}

/**
 * Reads configuration of anybody's and says what bites. Files that stand under
 * /etc are taken to be this machine's own, and are held against its interfaces
 * and folders as well.
 */
export async function lbLint(paths: readonly string[]): Promise<LintResult> {
  const files = await Promise.all(paths.map(read));
  const strange = files.find((file) => kindOf(file) === undefined);
  if (strange) throw WarrenError.of('NOTHING_TO_LINT', { file: strange.path });
  const own = paths.every((file) => path.resolve(file).startsWith('/etc/'));
  const findings = lint(files, own ? thisMachine() : undefined);
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  return {
    files: paths,
    findings,
    counts: { error: count('error'), warning: count('warning'), note: count('note') },
  };
}

async function read(file: string): Promise<LintFile> {
  try {
    const handle = await open(file, 'r');
    try {
      const { uid, mode } = await handle.stat();
      const access: Access = { uid, mode, openFolder: await openFolder(path.dirname(path.resolve(file))) };
      return { path: file, text: await handle.readFile('utf8'), access };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw WarrenError.of('FILE_UNREADABLE', { file }, { why: (error as Error).message, cause: error });
  }
}

/** A folder that others may write to is as good as the files in it, unless they may only touch their own. */
async function openFolder(folder: string): Promise<string | undefined> {
  const { uid, mode } = await stat(folder);
  const sticky = (mode & 0o1000) !== 0;
  if (uid !== 0 || ((mode & 0o022) !== 0 && !sticky)) return folder;
  return folder === '/' ? undefined : openFolder(path.dirname(folder));
}

function thisMachine(): Machine {
  return {
    interfaces: Object.keys(os.networkInterfaces()),
    missing: (folder) => !existsSync(folder),
  };
}
