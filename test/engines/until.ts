import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for something that comes about by itself; its description is the error when it does not, with what was
 * seen last if `seen` tells it.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  patience = 120_000,
  seen: () => string = () => '',
): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${patience / 1000} s in vain until ${what}${seen()}`);
    await pause(25);
  }
}
