import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import type { Phase } from '../phase.js';
import { type Broker, brokersOf, factsOf, type HostsContext, transportOf } from './context.js';
import { untilDispensable } from './critical.js';
import { exportDefinitions } from './export-definitions.js';
import { holdingsOf } from './membership.js';
import { wipeNode } from './node-data.js';
import { runs } from './node-state.js';
import { observeCluster } from './observe-cluster.js';
import { onlyOn } from './queues-on.js';
import { waitForNode } from './wait-for-node.js';

/**
 * Makes a node blank. One that runs is reset by its own tool, which tells its
 * mates that it leaves, and then finds its cluster again by its configuration;
 * one that does not run loses its data, and a later phase starts it.
 */
export function resetNode(name: string): Phase<HostsContext> {
  const title = `Make the node of ${name} blank`;
  return {
    title,
    async run(context, door) {
      const broker = brokersOf(context).find((one) => one.name === name)!;
      const lost = await onlyOn(context, broker.nodeName);
      const view = context.view.nodes.get(name);
      const alone = view !== undefined && view.members.length === 1;
      const held = alone ? holdingsOf(context, broker) : lost;
      const asks = `deletes all that ${broker.nodeName} holds${held.length > 0 ? `: ${held.join(', ')}` : ''}`;
      if (!runs(factsOf(context, broker))) return wipeNode(context, door, broker, asks);
      if (alone && held.length > 0) await exportDefinitions(context, door, broker);
      if (!alone && !door.shut) await untilDispensable(context, broker);
      await door
        .on(name)
        .change(`reset ${broker.nodeName} (stop_app, reset, start_app)`, () => reset(context, broker), {
          asks,
        });
      if (!door.shut) context.view = await observeCluster(context, title);
    },
  };
}

async function reset(context: HostsContext, broker: Broker): Promise<void> {
  const { signal } = context;
  const ctl = (word: string) => runTool(transportOf(context, broker), 'rabbitmqctl', [word], { signal });
  await ctl('stop_app');
  await ctl('reset');
  await ctl('start_app');
  await waitForNode(context, broker);
}
