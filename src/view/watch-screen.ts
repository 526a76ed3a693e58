import { setTimeout as pause } from 'node:timers/promises';

export interface WatchOptions {
  /** What is to be shown now. */
  readonly next: () => Promise<string>;
  /** Seconds between two looks. */
  readonly every: number;
  readonly signal: AbortSignal;
  readonly stream: NodeJS.WriteStream;
}

/**
 * Shows something anew every few seconds until the user ends it. A terminal is
 * drawn over from its top, in one write and without being cleared first, so
 * that nothing flickers; on a pipe one picture follows the other.
 */
export async function watchScreen({ next, every, signal, stream }: WatchOptions): Promise<void> {
  if (stream.isTTY) stream.write(clearAll);
  while (!signal.aborted) {
    try {
      const text = await next();
      stream.write(stream.isTTY ? screen(text, stream) : `${text}\n`);
      await pause(every * 1_000, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

const clearAll = '\u001b[2J';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

function screen(text: string, { rows, columns }: NodeJS.WriteStream): string {
  const lines = text.split('\n');
  const fit = Math.max(1, (rows ?? 24) - 1);
  const shown =
    lines.length <= fit ? lines : [...lines.slice(0, fit - 1), `… ${lines.length - fit + 1} more`];
  const cut = shown.map((line) => `${line.slice(0, columns ?? 80)}${clearLine}`);
  return `${home}${cut.join('\n')}\n${clearBelow}`;
}
