import type { ChildProcess } from 'node:child_process';
import type { Outcome } from './control.js';

/** A command in progress, which says on standard error what phase it has come to. */
export interface Watched {
  /** The phases that were begun, in their order, by title. */
  readonly phases: readonly string[];
  readonly ended: Promise<Outcome>;
  kill(): void;
}

/** Calls back when it has come to another phase, with its title. */
export function watched(child: ChildProcess, onPhase: (title: string, watched: Watched) => void): Watched {
  const phases: string[] = [];
  const said = { stdout: '', stderr: '' };
  child.stdin!.end();
  child.stdout!.on('data', (chunk) => {
    said.stdout += chunk;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, ...said }));
  });
  const self = { phases, ended, kill: () => void child.kill('SIGKILL') };
  let line = '';
  child.stderr!.on('data', (chunk) => {
    said.stderr += chunk;
    const lines = (line + chunk).split('\n');
    line = lines.pop()!;
    const begun = lines
      .filter((text) => /^\S.* \.\.\.$/.test(text))
      .map((text) => text.slice(0, -' ...'.length));
    phases.push(...begun);
    // Of what comes at once, all but the last is over.
    if (begun.length > 0) onPhase(begun.at(-1)!, self);
  });
  return self;
}
