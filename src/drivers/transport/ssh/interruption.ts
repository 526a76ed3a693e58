import type { CommandResult, RunOptions } from '../transport.js';
import type { RunningCommand } from './command.js';

/**
 * Watches over one command: when its time is up or its signal aborts, it has the
 * command ended, once, and the command's result becomes what the interruption
 * makes of it.
 */
export class Interruption {
  readonly #options: RunOptions;
  readonly #end: () => Promise<void>;
  readonly #timer: NodeJS.Timeout | undefined;
  #ending: Promise<void> | undefined;
  #timedOut = false;

  constructor(options: RunOptions, end: () => Promise<void>) {
    this.#options = options;
    this.#end = end;
    options.signal?.addEventListener('abort', this.#interrupt);
    if (options.timeoutMs)
      this.#timer = setTimeout(() => {
        this.#timedOut = true;
        this.#interrupt();
      }, options.timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
  }

  /** The command's result, or what the interruption makes of it, once the command is ended. */
  async resultOf(command: RunningCommand, result: () => CommandResult): Promise<CommandResult> {
    if (!this.#ending) return result();
    await this.#ending;
    this.#options.signal?.throwIfAborted();
    const { stdout, stderr } = command.said;
    if (!this.#timedOut) return result();
    return {
      status: 124,
      stdout,
      stderr: `${stderr}it took longer than ${this.#options.timeoutMs! / 1000} s\n`,
    };
  }

  readonly #interrupt = (): void => {
    this.#ending ??= this.#end();
  };
}
