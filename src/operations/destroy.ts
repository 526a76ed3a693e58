import { clearHosts, purgePackages, stopServices } from '../phases/hosts/clear-hosts.js';
import { changeMembers, type MemberChangeOptions, type MemberChangeResult } from './change-members.js';
import type { Surroundings } from './surroundings.js';

export interface DestroyOptions extends MemberChangeOptions {
  /** These hosts only; all when left out, and then all must be reached. */
  readonly limit?: readonly string[] | undefined;
  /** And the packages. */
  readonly purge: boolean;
}

/** Takes a cluster off its hosts: services, data, configuration and, if wished, packages. What is not ours stays. */
export function destroy(options: DestroyOptions, surroundings: Surroundings): Promise<MemberChangeResult> {
  const { limit, purge, ...rest } = options;
  return changeMembers(rest, surroundings, (context) => ({
    changes: context.hosts.map(({ name }) => name).filter((name) => !limit || limit.includes(name)),
    phases: [stopServices, clearHosts, ...(purge ? [purgePackages] : [])],
  }));
}
