import type { Phase } from '../phase.js';
import { type Broker, brokersOf, factsOf, type HostsContext, transportOf } from './context.js';
import { untilDispensable } from './critical.js';
import { clusterPhase } from './each-host.js';
import { serviceRuns } from './node-state.js';
import { patience, rabbitmqService, systemdOf } from './services.js';
import { waitForNode } from './wait-for-node.js';

/**
 * Starts anew, one after the other, the nodes that run with a configuration
 * that is no longer theirs: by a change of this run, or by a note that one left
 * behind which was interrupted. None is stopped that a queue cannot do without.
 */
export const restartNodes: Phase<HostsContext> = clusterPhase({
  title: 'Restart nodes whose configuration changed',
  async run(context, door) {
    for (const broker of brokersOf(context)) {
      const reason = context.limit.has(broker.name) ? reasonFor(context, broker) : undefined;
      if (reason === undefined) continue;
      context.signal.throwIfAborted();
      await door
        .on(broker.name)
        .change(`restart ${broker.nodeName} (${reason})`, () => restart(context, broker), {
          asks: `restarts ${broker.nodeName}: its connections are cut, and clients connect again`,
        });
    }
  },
});

function reasonFor(context: HostsContext, broker: Broker): string | undefined {
  const facts = factsOf(context, broker);
  if (!serviceRuns(facts)) return undefined;
  const { restartNote, startedAt } = facts;
  const left = restartNote && startedAt && restartNote.at >= startedAt ? restartNote.reason : undefined;
  return context.restarts.get(broker.name) ?? left;
}

async function restart(context: HostsContext, broker: Broker): Promise<void> {
  const transport = transportOf(context, broker);
  await untilDispensable(context, broker);
  await systemdOf(context, broker).restart(rabbitmqService, patience(context));
  await transport.remove('/run/warren/restart');
  await waitForNode(context, broker);
  context.restarts.delete(broker.name);
}
