import { spawn } from 'node:child_process';

/** Runs this program again, with `argv` (of process.argv's form), apart from terminal and session. */
export function detach(argv: readonly string[]): void {
  const child = spawn(process.execPath, [...process.execArgv, ...argv.slice(1)], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
}
