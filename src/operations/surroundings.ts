import { stateRoot } from '../drivers/local-state/folders.js';
import { localTransport } from '../drivers/transport/local.js';
import type { Surroundings } from '../phases/local-context.js';

export type { Surroundings } from '../phases/local-context.js';

/** The surroundings of a program that runs on this machine, as its environment describes them. */
export function localSurroundings(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Surroundings {
  return { env, state: stateRoot(env), transport: localTransport, signal, now: () => new Date() };
}
