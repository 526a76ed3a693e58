import type { Phase } from '../phase.js';
import { brokersOf, type HostsContext } from './context.js';
import { untilDispensable } from './critical.js';
import { clusterPhase } from './each-host.js';
import { leaveTraffic, takeTraffic } from './traffic.js';

/** Takes nodes out of use: no client is on them any more, and no queue is led by them. */
export function drainNodes(names: readonly string[]): Phase<HostsContext> {
  return clusterPhase({
    title: 'Take the node out of use',
    async run(context, door) {
      for (const broker of brokersOf(context).filter(({ name }) => names.includes(name))) {
        if (context.view.nodes.get(broker.name)?.drained) continue;
        if (!door.shut) await untilDispensable(context, broker);
        await leaveTraffic(context, door, broker);
      }
    },
  });
}

export function reviveNodes(names: readonly string[]): Phase<HostsContext> {
  return clusterPhase({
    title: 'Put the node into use again',
    async run(context, door) {
      for (const broker of brokersOf(context).filter(({ name }) => names.includes(name))) {
        await takeTraffic(context, door, broker);
      }
    },
  });
}
