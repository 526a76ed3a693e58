import { runTool } from '../../drivers/rabbitmqctl/on-host.js';
import type { Door } from '../phase.js';
import { drainServers, readyServers } from './balancer-servers.js';
import { type Broker, type HostsContext, transportOf } from './context.js';

/** Takes a running node out of use: the balancers first, then the node itself lets its clients go. */
export async function leaveTraffic(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  await drainServers(context, door, broker);
  if (!door.shut && context.view.nodes.get(broker.name)?.drained) return;
  await door
    .on(broker.name)
    .change(
      `drain ${broker.nodeName}: leaders move away, its connections end`,
      () => tool(context, broker, 'drain'),
      { asks: `ends the connections of ${broker.nodeName}; clients connect again, to another node` },
    );
}

/** Puts it into use again. */
export async function takeTraffic(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  await door.on(broker.name).change(`revive ${broker.nodeName}`, () => tool(context, broker, 'revive'));
  await readyServers(context, door, broker);
}

function tool(context: HostsContext, broker: Broker, word: 'drain' | 'revive'): Promise<string> {
  return runTool(transportOf(context, broker), 'rabbitmq-upgrade', [word], { signal: context.signal });
}
