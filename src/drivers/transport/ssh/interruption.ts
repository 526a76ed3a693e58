import { setMaxListeners } from 'node:events';
import type { CommandResult, RunOptions } from '../transport.js';
import type { CommandEnd, RunningCommand } from './command.js';

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
    if (options.signal) listen(options.signal, this.#interrupt);
    if (options.timeoutMs)
      this.#timer = setTimeout(() => {
        this.#timedOut = true;
        this.#interrupt();
      }, options.timeoutMs);
  }

  get interrupted(): boolean {
    return this.#ending !== undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
  }

  /** The command's result, or what the interruption makes of it once the command is ended; else how it failed. */
  async resultOf(command: RunningCommand, end: CommandEnd): Promise<CommandResult | CommandEnd> {
    await this.#ending;
    this.#options.signal?.throwIfAborted();
    if (this.#timedOut) {
      const { stdout, stderr } = command.said;
      const reason = `it took longer than ${this.#options.timeoutMs! / 1000} s`;
      return { status: 124, stdout, stderr: `${stderr}${reason}\n` };
    }
    if (end.kind !== 'ended') return end;
    const { status, stdout, stderr, truncated } = end;
    return { status, stdout, stderr, ...(truncated ? { truncated } : {}) };
  }

  readonly #interrupt = (): void => {
    this.#ending ??= this.#end();
  };
}

/** What was promised, or the signal's reason if it aborts first. */
export async function orAbort<T>(promised: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promised;
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  promised.catch(() => {});
  if (signal.aborted) abort();
  listen(signal, abort);
  try {
    return await Promise.race([promised, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** One signal may stop hundreds of commands, which is no leak. */
function listen(signal: AbortSignal, abort: () => void): void {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', abort, { once: true });
}
