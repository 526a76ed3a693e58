import { clearHosts, purgePackages, stopServices } from '../phases/hosts/clear-hosts.js';
import { changeHosts, type HostChangeOptions, type HostChangeResult } from './host-change.js';
import type { Surroundings } from './surroundings.js';

export interface DestroyOptions extends HostChangeOptions {
  /** These hosts only; all when left out, and then all must be reached. */
  readonly limit?: readonly string[] | undefined;
  /** And the packages. */
  readonly purge: boolean;
}

/** Takes a cluster off its hosts: services, data, configuration and, if wished, packages. What is not ours stays. */
export function destroy(options: DestroyOptions, surroundings: Surroundings): Promise<HostChangeResult> {
  const { limit, purge, ...rest } = options;
  return changeHosts(rest, surroundings, (context) => ({
    changes: context.hosts.map(({ name }) => name).filter((name) => !limit || limit.includes(name)),
    phases: [stopServices, clearHosts, ...(purge ? [purgePackages] : [])],
  }));
}
