import { execa } from 'execa';

/** Runs a program with the alert on its standard input; its words are its own affair, its status is not. */
export async function runNotifier(
  [program, ...args]: readonly string[],
  input: string,
  patienceMs: number,
): Promise<void> {
  const { failed, timedOut, exitCode, shortMessage, stderr } = await execa(program!, args, {
    input,
    timeout: patienceMs,
    reject: false,
    stdout: 'ignore',
    maxBuffer: 10_000,
  });
  if (!failed) return;
  if (timedOut) throw new Error(`it did not end in ${patienceMs / 1000} s`);
  const said = stderr.trim().split('\n')[0] ?? '';
  throw new Error(
    exitCode === undefined ? shortMessage : `it ended with ${exitCode}${said && `: ${said.slice(0, 200)}`}`,
  );
}
