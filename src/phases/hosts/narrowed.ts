import type { Phase } from '../phase.js';
import type { HostsContext } from './context.js';

/** A phase that sees less of the cluster, or may change less of it; what it learns of the cluster stays. */
export function narrowed(
  phase: Phase<HostsContext>,
  narrow: (context: HostsContext) => HostsContext,
): Phase<HostsContext> {
  const { shouldRun } = phase;
  return {
    ...phase,
    ...(shouldRun ? { shouldRun: (context: HostsContext) => shouldRun.call(phase, narrow(context)) } : {}),
    async run(context, door) {
      const less = narrow(context);
      await phase.run(less, door);
      context.view = less.view;
    },
  };
}

/** Only these hosts may be changed. */
export function limited(phase: Phase<HostsContext>, names: readonly string[]): Phase<HostsContext> {
  return narrowed(phase, (context) => ({
    ...context,
    limit: new Set(names.filter((name) => context.limit.has(name))),
  }));
}

/** As if the cluster file had no such node. */
export function without(phase: Phase<HostsContext>, name: string): Phase<HostsContext> {
  return narrowed(phase, (context) => ({
    ...context,
    file: { ...context.file, nodes: context.file.nodes!.filter((node) => node.name !== name) },
    hosts: context.hosts.filter((host) => host.name !== name),
    view: { ...context.view, nodes: new Map([...context.view.nodes].filter(([host]) => host !== name)) },
  }));
}
