import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { Door, Phase } from '../phase.js';
import { type Broker, type HostsContext, transportOf } from './context.js';
import { clusterPhase } from './each-host.js';
import { exportDefinitions } from './export-definitions.js';
import { membershipOf } from './membership.js';
import { observeCluster } from './observe-cluster.js';

const title = 'Join the nodes that are apart';

/**
 * One after the other, so that a node finds one cluster and not the halves of
 * one. Joining empties a node: one that holds something of its own is left as
 * it is unless the user has named it, and then its definitions are kept here.
 */
export const joinNodes: Phase<HostsContext> = clusterPhase({
  title,
  async run(context, door) {
    const { members, apart } = membershipOf(context);
    const ours = apart.filter(({ broker }) => context.limit.has(broker.name));
    for (const { broker, holds } of ours) {
      context.signal.throwIfAborted();
      if (holds.length > 0 && !context.resettable.has(broker.name)) {
        throw WarrenError.of('NODE_HOLDS', { node: broker.nodeName, host: broker.name, holds });
      }
      await joinOne(context, door.on(broker.name), broker, members[0]!, holds);
    }
    if (ours.length > 0 && !door.shut) context.view = await observeCluster(context, title);
  },
});

async function joinOne(
  context: HostsContext,
  door: Door,
  broker: Broker,
  mate: Broker,
  holds: readonly string[],
): Promise<void> {
  const { signal } = context;
  const ctl = (...args: string[]) => runTool(transportOf(context, broker), 'rabbitmqctl', args, { signal });
  if (holds.length > 0) await exportDefinitions(context, door, broker);
  const consequence =
    holds.length > 0 ? { asks: `resets ${broker.nodeName}, which deletes ${holds.join(', ')}` } : undefined;
  const sentence = `join ${broker.nodeName} to the cluster of ${mate.nodeName}${holds.length > 0 ? ', which resets it' : ''}`;
  await door.change(
    sentence,
    async () => {
      await ctl('stop_app');
      await ctl('reset').catch(() => ctl('force_reset'));
      await ctl('join_cluster', mate.nodeName);
      await ctl('start_app');
    },
    consequence,
  );
}
