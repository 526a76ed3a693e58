import { Command } from '@oclif/core/command';
import * as Flags from '@oclif/core/flags';
import { reportOf, WarrenError } from '../../errors/warren-error.js';
import { localSurroundings, type Surroundings } from '../../operations/surroundings.js';
import { documentOf, stackOf } from '../../view/error-document.js';
import { errorText } from '../../view/error-text.js';
import { jsonText } from '../../view/json.js';
import { paintFor } from '../../view/paint.js';
import type { Progress } from '../../view/progress.js';
import { usageError } from './usage-error.js';

/**
 * What every command has: `--json` (one document on standard output, errors
 * too), `--debug`, errors that say what, where, why and what next, exit
 * statuses from the one table, and an interruption that lets the operation
 * clean up before the program ends.
 */
export abstract class WarrenCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    debug: Flags.boolean({ description: 'show where in the program an error arose', helpGroup: 'GLOBAL' }),
  };

  readonly #interruption = new AbortController();
  #shown: Progress | undefined;

  override async init(): Promise<void> {
    await super.init();
    process.once('SIGINT', () => this.#interrupt(WarrenError.of('INTERRUPTED', { signal: 'SIGINT' })));
    for (const signal of ['SIGTERM', 'SIGHUP']) {
      process.once(signal, () => this.#interrupt(WarrenError.of('TERMINATED', { signal })));
    }
    process.stdout.on('error', endQuietly);
  }

  protected get surroundings(): Surroundings {
    return localSurroundings(process.env, this.#interruption.signal);
  }

  /** The command as it was typed, for a lock's holder to be recognised. */
  protected get typed(): string {
    return ['warren', ...this.id!.split(':'), ...this.argv].join(' ');
  }

  /** Starts to show the progress of an operation; what it returns is told every event. */
  protected async showProgress(): Promise<Progress['watch']> {
    const { progress } = await import('../../view/progress.js');
    this.#shown = progress({ stream: process.stderr, quietMs: 1_000 });
    return this.#shown.watch;
  }

  /** A word on standard error: it disturbs neither an answer nor a JSON document on standard output. */
  protected note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  override async catch(error: Error): Promise<void> {
    await this.#shown?.end();
    // oclif would warn of a command that ended before it had parsed its flags.
    this.parsed = true;
    const known = usageError(error, this.id?.replaceAll(':', ' ') ?? '') ?? error;
    const report = reportOf(known);
    process.exitCode = report.exit;
    if (this.jsonEnabled()) this.logJson(documentOf(report));
    else this.note(errorText(report, await paintFor(process.stderr, process.env)));
    if (this.argv.includes('--debug')) this.note(stackOf(known));
  }

  override async finally(error: Error | undefined): Promise<void> {
    await this.#shown?.end();
    await super.finally(error);
  }

  /** Nothing is printed for a command that has printed its documents itself. */
  override logJson(json: unknown): void {
    if (json === undefined) return;
    process.stdout.write(`${jsonText(json, 2)}\n`);
  }

  #interrupt(reason: WarrenError): void {
    this.#interruption.abort(reason);
  }
}

/** The reader of a pipe went away (`warren logs | head`): nothing is left to be said. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
