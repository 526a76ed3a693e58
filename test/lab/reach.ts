/**
 * Does at the control point what it reads from standard input, over the transport that
 * Warren has, and answers what came of it: a test itself stands outside of the lab's network.
 */
import { packagesOf } from '../../src/drivers/packages/packages.js';
import { SshNetwork } from '../../src/drivers/transport/ssh/network.js';
import type { SshTarget } from '../../src/drivers/transport/ssh/target.js';
import type { FileOptions, RunOptions, Transport } from '../../src/drivers/transport/transport.js';
import { reportOf } from '../../src/errors/warren-error.js';

export interface Reaching {
  readonly target: SshTarget;
  readonly acceptNew?: boolean;
  /** What the user answers, question by question; without it, nobody can be asked. */
  readonly answers?: readonly string[];
  /** Side by side, or one after the other. */
  readonly atOnce?: boolean;
  readonly steps: readonly Step[];
}

export type Step =
  | {
      readonly run: readonly [string, ...string[]];
      readonly options?: Pick<RunOptions, 'input' | 'timeoutMs' | 'env'>;
    }
  | { readonly write: string; readonly text: string; readonly options: Omit<FileOptions, 'check'> }
  | { readonly read: string }
  /** Packages, and how long their lock may be held by another; answers who was waited for. */
  | { readonly install: readonly string[]; readonly waitMs: number };

if (process.argv[1] === import.meta.filename) {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  console.log(JSON.stringify(await reach(JSON.parse(Buffer.concat(chunks).toString()) as Reaching)));
}

async function reach({ target, acceptNew = false, answers, atOnce, steps }: Reaching): Promise<unknown[]> {
  const left = [...(answers ?? [])];
  const ask = answers ? { ask: async () => left.shift() ?? '' } : {};
  const network = new SshNetwork({ acceptNew, ...ask });
  const transport = network.transport(target);
  const one = async (step: Step): Promise<unknown> => {
    if ('run' in step) return transport.run(step.run[0], step.run.slice(1), step.options);
    if ('install' in step) return install(transport, step);
    if ('write' in step) return transport.writeFile(step.write, step.text, step.options);
    return (await transport.readFile(step.read)) ?? null;
  };
  const told = (step: Step) =>
    one(step).then(
      (value) => value ?? null,
      (error) => ({ error: reportOf(error) }),
    );
  try {
    if (atOnce) return await Promise.all(steps.map(told));
    const results: unknown[] = [];
    for (const step of steps) results.push(await told(step));
    return results;
  } finally {
    await network.close();
  }
}

async function install(
  transport: Transport,
  { install: names, waitMs }: Extract<Step, { install: readonly string[] }>,
): Promise<string[]> {
  const waited: string[] = [];
  const waiting = (sentence: string) => void waited.push(sentence);
  const packages = await packagesOf(transport, { waitMs, pauseMs: 200 });
  await packages.refresh({ waiting });
  await packages.install(
    names.map((name) => ({ name })),
    { waiting },
  );
  return waited;
}
