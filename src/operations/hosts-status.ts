import type { ApiQueue } from '../drivers/management-api/types.js';
import { type ClusterView, partitionOf } from '../phases/hosts/cluster-view.js';
import { brokersOf, type HostsContext } from '../phases/hosts/context.js';
import { look } from '../phases/hosts/look.js';
import { runs } from '../phases/hosts/node-state.js';
import { queuesOf } from '../phases/hosts/queues-on.js';
import type { PhaseWatcher } from '../phases/phase.js';
import { runPhases } from '../phases/runner.js';
import { type HostRunOptions, hostRun, lookerPatienceMs } from './host-run.js';
import { type NodeView, queueView, type StatusResult } from './status.js';
import type { Surroundings } from './surroundings.js';

/** The cluster as each of its hosts' nodes sees it, asked one by one, and what an operator has to be told. */
export async function statusOfHosts(
  options: HostRunOptions & { readonly watch: PhaseWatcher },
  surroundings: Surroundings,
): Promise<StatusResult> {
  const { context, close } = await hostRun({ patienceMs: lookerPatienceMs, ...options }, surroundings);
  try {
    await runPhases([look], context, { signal: surroundings.signal, watch: options.watch });
    const views = brokersOf(context).map((broker): NodeView => {
      const view = context.view.nodes.get(broker.name);
      if (!view) return { node: broker.nodeName, answer: silence(context, broker.name) };
      const { version, members, running, partitions, alarms, drained } = view;
      return {
        node: broker.nodeName,
        answer: drained ? 'drained' : 'ok',
        version,
        members,
        running,
        partitions,
        alarms,
      };
    });
    const queues: readonly ApiQueue[] = await queuesOf(context);
    const problems = problemsOf(context, context.view);
    return {
      cluster: context.file.name,
      views,
      answered: context.view.nodes.size > 0,
      agree: opinions(context.view).size <= 1,
      queues: queues.map(queueView),
      problems,
    };
  } finally {
    await close();
  }
}

function silence(context: HostsContext, name: string): string {
  const failure = context.failures.get(name);
  if (failure) return failure.report.message;
  const facts = context.facts.get(name);
  if (!facts || !runs(facts)) return 'stopped';
  return context.view.silent.has(name) ? `no answer in ${context.patienceMs / 1_000} s` : 'no answer';
}

function stepFor(context: HostsContext, name: string): string {
  const failure = context.failures.get(name);
  if (failure) return failure.report.next;
  const facts = context.facts.get(name);
  const file = context.file.file;
  if (!facts || !runs(facts)) return `warren apply --file ${file} starts it`;
  return `see journalctl -u rabbitmq-server on ${name}, then systemctl restart rabbitmq-server there`;
}

function opinions({ nodes }: ClusterView): Set<string> {
  return new Set([...nodes.values()].map(({ members, running }) => `${members.join()} ${running.join()}`));
}

/** All that would not let an expert sleep, each in a sentence. */
function problemsOf(context: HostsContext, view: ClusterView): string[] {
  const wanted = brokersOf(context).map(({ nodeName }) => nodeName);
  const views = [...view.nodes.values()];
  const strangers = new Set(views.flatMap(({ members }) => members).filter((name) => !wanted.includes(name)));
  return [
    ...brokersOf(context)
      .filter(({ name }) => !view.nodes.has(name))
      .map(
        ({ name, nodeName }) =>
          `${nodeName} does not answer: ${silence(context, name)}; next: ${stepFor(context, name)}`,
      ),
    ...(opinions(view).size > 1 ? ['the nodes do not agree on who is a member and who runs'] : []),
    ...views
      .filter(({ members }) => members.length === 1 && wanted.length > 1)
      .map(({ nodeName }) => `${nodeName} is in no cluster`),
    ...[...view.nodes.keys()].flatMap((name) => {
      const partition = partitionOf(view, name);
      return partition ? [`${partition.problem}; next: ${partition.next}`] : [];
    }),
    ...new Set(views.flatMap(({ alarms }) => alarms.map((alarm) => `alarm: ${alarm}`))),
    ...[...strangers].map((name) => `${name} is a member, and the cluster file says nothing of it`),
  ];
}
