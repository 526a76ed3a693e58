import type { Host } from '../../cluster-file/hosts.js';
import { type RunningServer, runningServers, setServerState } from '../../drivers/haproxy/runtime.js';
import type { Door } from '../phase.js';
import { wait } from '../wait.js';
import { type Broker, factsOf, type HostsContext, hostsWith, transportOf } from './context.js';

/** The proxy whose servers those of the others follow. */
const proxy = 'amqp';

/** No balancer sends new connections to the broker; those that it has stay until it ends them. */
export function drainServers(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  return set(context, door, broker, 'drain');
}

export function readyServers(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  return set(context, door, broker, 'ready');
}

/** Where somebody has said that it is to get none, as when it left. */
export function readyServersAgain(context: HostsContext, door: Door, broker: Broker): Promise<void> {
  return set(context, door, broker, 'ready', 'as it is now');
}

async function set(
  context: HostsContext,
  door: Door,
  { name }: Broker,
  state: 'ready' | 'drain',
  when: 'as it is now' | 'by then' = 'by then',
): Promise<void> {
  const sentence = state === 'drain' ? `send no new connections to ${name}` : `send connections to ${name}`;
  await Promise.all(
    balancersOf(context).map(async (balancer) => {
      const transport = transportOf(context, balancer);
      const { signal } = context;
      const servers = await runningServers(transport, signal);
      const there = servers.find((one) => one.proxy === proxy && one.server === name);
      if (!there) return;
      // While a run is only planned, what was to be done before this is not done.
      const known = !door.shut || when === 'as it is now';
      if (known && isOut(there) === (state === 'drain')) return;
      await door
        .on(balancer.name)
        .change(sentence, () => setServerState(transport, { proxy, server: name }, state, signal));
    }),
  );
}

/** By an operator's word, not by a check's. */
function isOut({ status }: RunningServer): boolean {
  return /^(DRAIN|MAINT)/.test(status);
}

const patienceMs = 20_000;

/** Waits until the checks of every balancer have found the broker well. */
export async function untilServersUp(context: HostsContext, { name }: Broker): Promise<boolean> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const all = await Promise.all(
      balancersOf(context).map((balancer) => runningServers(transportOf(context, balancer), context.signal)),
    );
    const own = all.flat().filter((one) => one.proxy === proxy && one.server === name);
    if (own.every(({ status }) => status.startsWith('UP'))) return true;
    if (Date.now() > until) return false;
    await wait(300, context.signal);
  }
}

/** Those that run: one that is down sends nobody anywhere. */
function balancersOf(context: HostsContext): Host[] {
  return hostsWith(context, 'balancer').filter(
    ({ name }) =>
      !context.failures.has(name) &&
      context.facts.has(name) &&
      factsOf(context, { name }).services.get('haproxy')?.active === 'active',
  );
}
