import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, unless the signal says stop: then the signal's own reason is thrown. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
