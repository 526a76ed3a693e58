import { setTimeout as pause } from 'node:timers/promises';
import type { Host } from './host.js';

/** Which hosts have an address on their cable at this moment, seen from outside, whatever state they are in. */
export async function holdersOf(address: string, hosts: readonly Host[]): Promise<string[]> {
  const held = await Promise.all(hosts.map((host) => host.addresses()));
  return hosts.filter((_, index) => held[index]!.includes(address)).map(({ name }) => name);
}

export interface HolderWatch {
  /** Every set of holders that was seen since it began, each once as long as it lasted. */
  stop(): Promise<readonly (readonly string[])[]>;
}

/** Looks ten times a second who holds an address. */
export function watchHolders(address: string, hosts: readonly Host[]): HolderWatch {
  const seen: string[][] = [];
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const holders = await holdersOf(address, hosts);
      if (seen.at(-1)?.join() !== holders.join()) seen.push(holders);
      await pause(100);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return seen;
    },
  };
}
