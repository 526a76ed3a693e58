import { Config } from '@oclif/core/config';
import { flush } from '@oclif/core/flush';
import { run } from '@oclif/core/run';
import { nearest } from '../../errors/suggestion.js';
import { reportOf, WarrenError } from '../../errors/warren-error.js';
import { documentOf, stackOf } from '../../view/error-document.js';
import { errorText } from '../../view/error-text.js';
import { jsonText } from '../../view/json.js';
import { paintFor } from '../../view/paint.js';

/** The program: runs the command that `argv` names, and gives every failure its exit status. */
export async function main(argv: readonly string[], folder: string): Promise<void> {
  // What nobody awaited is reported as what somebody did.
  process.once('uncaughtException', (error) => void fail(error, argv).finally(() => process.exit()));
  const config = await Config.load(folder);
  try {
    await run([...argv], config);
  } catch (error) {
    if (isExit(error)) {
      process.exitCode = error.oclif.exit;
    } else {
      await fail(unknownCommand(error, argv, config) ?? error, argv);
    }
  }
  flush();
}

async function fail(error: unknown, argv: readonly string[]): Promise<void> {
  const report = reportOf(error);
  process.exitCode = report.exit;
  if (argv.includes('--json')) process.stdout.write(`${jsonText(documentOf(report), 2)}\n`);
  else process.stderr.write(`${errorText(report, await paintFor(process.stderr, process.env))}\n`);
  if (argv.includes('--debug') && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
}

function isExit(error: unknown): error is { oclif: { exit: number } } {
  return (error as { code?: string }).code === 'EEXIT';
}

/** oclif says "command x:y not found" ("Command x:y not found." where its help was wanted); the user typed `x y`. */
function unknownCommand(error: unknown, argv: readonly string[], config: Config): WarrenError | undefined {
  if (!(error instanceof Error) || !/^command .* not found\.?$/i.test(error.message)) return undefined;
  const words = argv.filter((word) => !word.startsWith('-'));
  const typed = words[0] === 'help' ? words.slice(1) : words;
  const known = config.commands.filter(({ hidden }) => !hidden).map(({ id }) => id.replaceAll(':', ' '));
  // The parser takes words behind a command without arguments for a part of its name.
  const whole = [typed.slice(0, 2).join(' '), typed[0] ?? ''].find((id) => known.includes(id));
  if (whole !== undefined) {
    const word = typed[whole.split(' ').length];
    return WarrenError.of('USAGE', { problem: `Unexpected argument: ${word}`, command: whole });
  }
  const command = typed.slice(0, known.some((id) => id.startsWith(`${typed[0]} `)) ? 2 : 1).join(' ');
  const suggestion = nearest(command, known);
  return WarrenError.of('UNKNOWN_COMMAND', { command, ...(suggestion ? { suggestion } : {}) });
}
