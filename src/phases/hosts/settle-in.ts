import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import type { Phase } from '../phase.js';
import { readyServersAgain } from './balancer-servers.js';
import { brokersOf, type HostsContext, transportOf } from './context.js';
import { clusterPhase } from './each-host.js';
import { queuesOf } from './queues-on.js';

/**
 * A new member gets its share: a copy of each quorum queue, which would not come
 * by itself, leaders of queues, and clients. Mirrors follow their policy.
 */
export function settleIn(name: string): Phase<HostsContext> {
  return clusterPhase({
    title: 'Give the new member its share of queues and clients',
    async run(context, door) {
      const broker = brokersOf(context).find((one) => one.name === name)!;
      await readyServersAgain(context, door, broker);
      const queues = await queuesOf(context);
      const { signal } = context;
      const missing = queues.filter(
        ({ type, members = [] }) => type === 'quorum' && !members.includes(broker.nodeName),
      );
      const tool = (...args: string[]) =>
        runTool(transportOf(context, broker), 'rabbitmq-queues', args, { signal });
      if (missing.length > 0) {
        await door
          .on(name)
          .change(`grow ${missing.length} quorum queues onto ${broker.nodeName}`, () =>
            tool('grow', broker.nodeName, 'all'),
          );
      }
      const leads = queues.some((queue) => (queue.leader ?? queue.node) === broker.nodeName);
      if (leads || queues.length < brokersOf(context).length) return;
      await door.on(name).change('spread the leaders of the queues', () => tool('rebalance', 'all'));
    },
  });
}
