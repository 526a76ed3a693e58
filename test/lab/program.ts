import { execa, type Options } from 'execa';

/** Runs a program of the system to its end and answers what it printed; its failure is an error with its words. */
export async function program(file: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { exitCode, stdout, stderr, shortMessage } = await execa(file, [...args], {
    reject: false,
    stdin: 'ignore',
    ...options,
  });
  if (exitCode === 0) return String(stdout ?? '');
  throw new Error(
    `${shortMessage ?? `${file} ended with ${exitCode}`}\n${stderr ?? ''}\n${stdout ?? ''}`.trim(),
  );
}
