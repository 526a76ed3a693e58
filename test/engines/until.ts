import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

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

/**
 * Asks both until they answer alike, as what they count comes seconds late, each at its own time; the last answers when
 * they never do, for an assertion to show what differs.
 */
export async function alike<T>(ask: readonly (() => Promise<T>)[], patience = 60_000): Promise<T[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answers = await Promise.all(ask.map((one) => one()));
    if (answers.every((answer) => isDeepStrictEqual(answer, answers[0])) || Date.now() > deadline)
      return answers;
    await pause(250);
  }
}
