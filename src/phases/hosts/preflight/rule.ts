import type { Host } from '../../../cluster-file/hosts.js';
import type { HostFacts } from '../../../drivers/host-facts/facts.js';
import type { Finding, HostsContext } from '../context.js';

/** A host, what was seen of it, and what is wanted of the whole. */
export interface Subject {
  readonly context: HostsContext;
  readonly host: Host;
  readonly facts: HostFacts;
}

export type Found = Omit<Finding, 'host'>;

/** One thing that an expert looks at before he touches a host. */
export type Rule = (subject: Subject) => readonly Found[];

export function stops(code: string, problem: string, next: string): Found {
  return { code, problem, next, weight: 'stops' };
}

export function note(code: string, problem: string, next: string): Found {
  return { code, problem, next, weight: 'note' };
}
