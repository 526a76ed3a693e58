/**
 * Command lines run inside the test's own process, by the program's own `main`: a
 * test of many of them need not start Node for each.
 */

import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { main } from '../../src/commands/base/main.js';
import type { Outcome } from './warren.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function inProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  const undo = [replaceLog(said), replaceWrite('stdout', said), replaceWrite('stderr', said), withEnv(env)];
  if (input !== undefined) undo.push(withInput(input));
  process.setMaxListeners(0);
  process.exitCode = undefined;
  try {
    await main(args, root);
    return { status: Number(process.exitCode ?? 0), ...said };
  } finally {
    process.exitCode = undefined;
    for (const back of undo) back();
  }
}

/** The words of a command line, as a shell without expansions takes them apart. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare!,
  );
}

function replaceWrite(stream: 'stdout' | 'stderr', said: Record<'stdout' | 'stderr', string>): () => void {
  const { write } = process[stream];
  process[stream].setMaxListeners(0);
  process[stream].write = ((chunk: string | Uint8Array) => {
    said[stream] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  }) as typeof write;
  return () => {
    process[stream].write = write;
  };
}

/** oclif prints by console.log, which vitest has made its own. */
function replaceLog(said: { stdout: string }): () => void {
  const { log } = console;
  console.log = (...words: unknown[]) => {
    said.stdout += `${format(...words)}\n`;
  };
  return () => {
    console.log = log;
  };
}

function withEnv(env: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  Object.assign(process.env, env);
  return () => {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  };
}

function withInput(input: string): () => void {
  const before = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true });
  return () => Object.defineProperty(process, 'stdin', before);
}
