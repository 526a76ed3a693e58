import { setTimeout as pause } from 'node:timers/promises';
import { type AnswersReport, answers } from './clients.js';
import { type HolderWatch, watchHolders } from './holders.js';
import type { Host } from './host.js';
import { Site } from './site.js';

export interface Disturbed {
  /** From the first question that nobody answered until every one was answered again. */
  readonly outageMs: number;
  readonly outages: AnswersReport['outages'];
  /** Who held the virtual address, one set after the other. */
  readonly holders: readonly (readonly string[])[];
}

/**
 * Does something to a cluster while a client asks its virtual address for AMQP
 * twenty times a second; looks on until what was awaited has come, and a while more.
 */
export async function disturb(
  site: Site,
  balancers: readonly Host[],
  work: () => Promise<void>,
  awaited: () => Promise<unknown>,
  address: string = Site.virtualAddress,
): Promise<Disturbed> {
  const asking = await answers(site.lab.control, address);
  const watching: HolderWatch = watchHolders(address, balancers);
  try {
    await work();
    await awaited();
    await pause(2_500);
  } finally {
    await Promise.all([asking.stop(), watching.stop()]);
  }
  const [{ outages }, holders] = await Promise.all([asking.stop(), watching.stop()]);
  const outageMs = (outages.at(-1)?.[1] ?? 0) - (outages[0]?.[0] ?? 0);
  return { outageMs, outages, holders };
}
