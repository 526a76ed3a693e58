import { nodeNameOf } from '../../cluster-file/hosts.js';
import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { Door, Phase } from '../phase.js';
import { type Broker, brokersOf, factsOf, type HostsContext, transportOf } from './context.js';
import { untilDispensable } from './critical.js';
import { wipeNode } from './node-data.js';
import { dataOf, runs } from './node-state.js';
import { memberThatRuns, onlyOn } from './queues-on.js';
import { patience, rabbitmqService, systemdOf } from './services.js';
import { leaveTraffic } from './traffic.js';

/**
 * A node leaves its cluster for good: it is taken out of use, its service is
 * stopped and disabled, the others forget it, and its data, with which it could
 * never start again, goes. One whose host is dead is only forgotten.
 */
export function departNode(name: string): Phase<HostsContext> {
  return {
    title: `Take ${name} out of the cluster`,
    async run(context, door) {
      const broker = brokersOf(context).find((one) => one.name === name);
      const nodeName = broker?.nodeName ?? nodeNamed(name);
      const asks = await lossOf(context, nodeName);
      if (broker && reached(context, broker)) await switchOff(context, door, broker);
      await forget(context, door, nodeName, asks);
      if (broker && reached(context, broker)) await wipeNode(context, door, broker, undefined);
    },
  };
}

/** The others forget a node that is down; its files, if it has a host yet, stay. */
export function forgetNode(name: string): Phase<HostsContext> {
  return {
    title: `Have the others forget ${name}`,
    async run(context, door) {
      const broker = brokersOf(context).find((one) => one.name === name);
      const nodeName = broker?.nodeName ?? nodeNamed(name);
      mustBeDown(context, nodeName);
      await forget(context, door, nodeName, await lossOf(context, nodeName));
    },
  };
}

/** A short name is that of a host. */
function nodeNamed(name: string): string {
  return name.includes('@') ? name : `rabbit@${name}`;
}

function mustBeDown(context: HostsContext, nodeName: string): void {
  const runsSomewhere = [...context.view.nodes.values()].some(({ running }) => running.includes(nodeName));
  if (!runsSomewhere) return;
  const host = brokersOf(context).find((one) => one.nodeName === nodeName)?.name ?? nodeName;
  throw WarrenError.of('MEMBER_RUNS', { node: nodeName, host });
}

function reached(context: HostsContext, broker: { readonly name: string }): boolean {
  return context.facts.has(broker.name) && !context.failures.has(broker.name);
}

async function lossOf(context: HostsContext, nodeName: string): Promise<string> {
  const lost = await onlyOn(context, nodeName);
  const what = lost.length > 0 ? `: ${lost.join(', ')}, of which there is no copy elsewhere` : '';
  return `${nodeName} leaves the cluster, and what only it holds is lost${what}`;
}

async function switchOff(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  const facts = factsOf(context, broker);
  const member = (context.view.nodes.get(broker.name)?.members.length ?? 1) > 1;
  if (runs(facts) && member) {
    if (!door.shut) await untilDispensable(context, broker);
    await leaveTraffic(context, door, broker);
  }
  const service = facts.services.get('rabbitmq-server');
  if (!runs(facts) && !service?.enabled) return;
  await door.on(broker.name).change(`stop and disable the service of ${broker.nodeName}`, async () => {
    const systemd = systemdOf(context, broker);
    await systemd.stop(rabbitmqService, patience(context));
    await systemd.disable(rabbitmqService, patience(context));
  });
}

async function forget(context: HostsContext, door: Door, nodeName: string, asks: string): Promise<void> {
  const mate = memberThatRuns(context, nodeName);
  if (!mate) return mustHaveNoMates(context, nodeName);
  if (!context.view.nodes.get(mate.name)!.members.includes(nodeName)) return;
  const { signal } = context;
  const args = ['forget_cluster_node', nodeName];
  const work = () => runTool(transportOf(context, mate), 'rabbitmqctl', args, { signal });
  await door.on(mate.name).change(`forget ${nodeName}`, work, { asks });
  context.view = { ...context.view, nodes: withoutMember(context.view.nodes, nodeName) };
}

/** Mates that cannot be told would count on it for ever: only the last of all goes without a word. */
function mustHaveNoMates(context: HostsContext, nodeName: string): void {
  const silent = (context.file.nodes ?? []).flatMap((node) => {
    const own = nodeNameOf(node);
    if (own === nodeName) return [];
    if (!reached(context, node)) return [`${node.name} is not reached`];
    return dataOf(factsOf(context, node), own) ? [`the node of ${node.name} does not run or answer`] : [];
  });
  if (silent.length === 0) return;
  throw WarrenError.of('NO_MEMBER_RUNS', { node: nodeName, silent });
}

/** What the others say once they have forgotten it. */
function withoutMember(
  nodes: HostsContext['view']['nodes'],
  nodeName: string,
): HostsContext['view']['nodes'] {
  const others = [...nodes].filter(([, view]) => view.nodeName !== nodeName);
  return new Map(
    others.map(([host, view]) => [
      host,
      { ...view, members: view.members.filter((member) => member !== nodeName) },
    ]),
  );
}

/** Whether the node has anything to leave: data of its own, or mates that count on it. */
export function isMember(context: HostsContext, name: string): boolean {
  const broker = brokersOf(context).find((one) => one.name === name);
  const nodeName = broker?.nodeName ?? nodeNamed(name);
  const counted = [...context.view.nodes.values()].some(
    (view) => view.nodeName !== nodeName && view.members.includes(nodeName),
  );
  const facts = context.facts.get(name);
  return counted || (facts !== undefined && dataOf(facts, nodeName) !== undefined);
}
