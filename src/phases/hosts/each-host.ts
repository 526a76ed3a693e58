import type { Host, Role } from '../../cluster-file/hosts.js';
import { reportOf } from '../../errors/warren-error.js';
import type { Door, Phase } from '../phase.js';
import { type HostsContext, hostsWith } from './context.js';

/**
 * Side by side, a few hosts at a time. A host that fails is out: what follows
 * leaves it alone, and its error is kept for the report, while the others go on
 * with what does not depend on it. An interruption stops them all, and is told
 * when none of them is at work any more.
 */
export async function eachHost<Of extends Host>(
  context: HostsContext,
  hosts: readonly Of[],
  phase: string,
  work: (host: Of) => Promise<void>,
): Promise<void> {
  const waiting = hosts.filter(({ name }) => !context.failures.has(name));
  const worker = async () => {
    for (let host = waiting.shift(); host; host = waiting.shift()) {
      context.signal.throwIfAborted();
      try {
        await work(host);
      } catch (error) {
        context.signal.throwIfAborted();
        context.failures.set(host.name, { phase, report: reportOf(error) });
      }
    }
  };
  await Promise.allSettled(Array.from({ length: Math.min(context.concurrency, waiting.length) }, worker));
  context.signal.throwIfAborted();
}

interface HostPhase {
  readonly title: string;
  /** Whose hosts it is about; all when left out. */
  readonly role?: Role;
  run(context: HostsContext, host: Host, door: Door): Promise<void>;
}

/** A phase that changes each host by itself, and only those that may be changed. */
export function hostPhase({ title, role, run }: HostPhase): Phase<HostsContext> {
  return {
    title,
    shouldRun: (context) => changeable(context, role).length > 0,
    run: (context, door) =>
      eachHost(context, changeable(context, role), title, (host) => run(context, host, door.on(host.name))),
  };
}

/** A phase about the cluster as a whole: a broker that failed puts it off. */
export function clusterPhase(phase: Phase<HostsContext>): Phase<HostsContext> {
  return {
    ...phase,
    async run(context, door) {
      const failed = hostsWith(context, 'broker').filter(({ name }) => context.failures.has(name));
      if (failed.length === 0) return phase.run(context, door);
      context.putOff.push({ phase: phase.title, waitsFor: failed.map(({ name }) => name) });
    },
  };
}

export function changeable(context: HostsContext, role?: Role): Host[] {
  return hostsWith(context, role).filter(({ name }) => context.limit.has(name));
}
