import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { Phase } from '../phase.js';
import { untilServersUp } from './balancer-servers.js';
import { partitionOf } from './cluster-view.js';
import { type Broker, brokersOf, type HostsContext, transportOf } from './context.js';
import { untilDispensable } from './critical.js';
import { clusterPhase } from './each-host.js';
import { patience, rabbitmqService, systemdOf } from './services.js';
import { leaveTraffic, takeTraffic } from './traffic.js';
import { waitForNode } from './wait-for-node.js';

/**
 * One node after the other: wait until no queue depends on it alone, take it out
 * of use, stop it, start it, wait until it runs and the others see it, put it
 * into use again, and only then go on to the next. If a step fails, the nodes
 * that come after it are left running. A node that is partitioned from others is
 * stopped as it stands: its queues depend on it alone as far as it knows, and what
 * it holds is given up for what the others have.
 */
export function rollingRestart(names: readonly string[]): Phase<HostsContext> {
  return clusterPhase({
    title: 'Restart the nodes, one at a time',
    async run(context, door) {
      allRun(context);
      someAreTrusted(context, names);
      for (const broker of brokersOf(context).filter(({ name }) => names.includes(name))) {
        context.signal.throwIfAborted();
        const partition = partitionOf(context.view, broker.name);
        if (!door.shut && !partition) await untilDispensable(context, broker);
        if (!partition) await leaveTraffic(context, door, broker);
        const there = door.on(broker.name);
        await there.change(
          `stop ${broker.nodeName}`,
          () => systemdOf(context, broker).stop(rabbitmqService, patience(context)),
          partition && { asks: `${partition.problem}: what it has taken in since then is lost` },
        );
        await there.change(`start ${broker.nodeName}`, () => startAgain(context, broker));
        if (!partition) await takeTraffic(context, door, broker);
        if (!door.shut && !(await untilServersUp(context, broker))) {
          throw WarrenError.of('SERVER_NOT_UP', { server: broker.name });
        }
      }
    },
  });
}

/** With a node down already, the next one would be one too many. */
function allRun(context: HostsContext): void {
  const down = brokersOf(context).filter(({ name }) => !context.view.nodes.has(name));
  if (down.length === 0) return;
  throw WarrenError.of('CLUSTER_NOT_WHOLE', {
    problems: down.map(({ nodeName }) => `${nodeName} does not run`),
  });
}

/** Somebody has to say whose word counts: restarted all together, none of the halves would. */
function someAreTrusted(context: HostsContext, names: readonly string[]): void {
  const brokers = brokersOf(context);
  if (brokers.some(({ name }) => !names.includes(name))) return;
  const partitions = brokers.flatMap(({ name }) => partitionOf(context.view, name) ?? []);
  if (partitions.length === 0) return;
  const problems = partitions.map(({ problem, next }) => `${problem} (${next})`);
  throw WarrenError.of('CLUSTER_NOT_WHOLE', { problems });
}

async function startAgain(context: HostsContext, broker: Broker): Promise<void> {
  const { signal } = context;
  const transport = transportOf(context, broker);
  await systemdOf(context, broker).start(rabbitmqService, patience(context));
  await transport.remove('/run/warren/restart');
  await waitForNode(context, broker);
  const count = String(brokersOf(context).length);
  await runTool(transport, 'rabbitmqctl', ['await_online_nodes', count, '--timeout', '120'], { signal });
  context.restarts.delete(broker.name);
}
