import type { Host } from '../../cluster-file/hosts.js';
import { type RunningServer, runningServers, setServerState } from '../../drivers/haproxy/runtime.js';
import { WarrenError } from '../../errors/warren-error.js';
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
      const there = await serverAt(context, balancer, name);
      if (!there) return;
      // While a run is only planned, what was to be done before this is not done.
      const known = !door.shut || when === 'as it is now';
      if (known && isSo(there, state)) return;
      await door.on(balancer.name).change(sentence, () => say(context, balancer, name, state));
    }),
  );
}

/** Says it until it is so: an answer that did not come in time leaves open whether the word did. */
async function say(
  context: HostsContext,
  balancer: Host,
  server: string,
  state: 'ready' | 'drain',
): Promise<void> {
  const { signal } = context;
  for (let left = tries; left > 0; left--) {
    await setServerState(transportOf(context, balancer), { proxy, server }, state, signal);
    const there = await serverAt(context, balancer, server);
    if (there && (isSo(there, state) || there.status.startsWith('DOWN'))) return;
    await wait(againMs, signal);
  }
  throw WarrenError.of('SERVER_STATE', { server, state }, { where: balancer.name });
}

/** Nothing when the balancer does not know it. HAProxy always knows some server: an empty answer was cut short. */
async function serverAt(
  context: HostsContext,
  balancer: Host,
  name: string,
): Promise<RunningServer | undefined> {
  for (let left = tries; left > 0; left--) {
    const servers = await runningServers(transportOf(context, balancer), context.signal);
    if (servers.length > 0) return servers.find((one) => one.proxy === proxy && one.server === name);
    await wait(againMs, context.signal);
  }
  throw WarrenError.of('SERVER_STATE', { server: name, state: 'known' }, { where: balancer.name });
}

const tries = 10;
const againMs = 300;

/** Of one that its check finds down, HAProxy does not tell whether an operator took it out as well. */
function isSo({ status }: RunningServer, state: 'ready' | 'drain'): boolean {
  return state === 'drain' ? /^(DRAIN|MAINT)/.test(status) : /^(UP|no check)/.test(status);
}

const patienceMs = 20_000;

/** Waits until the checks of every balancer have found the broker well. */
export async function untilServersUp(context: HostsContext, { name }: Broker): Promise<boolean> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const all = await Promise.all(balancersOf(context).map((balancer) => serverAt(context, balancer, name)));
    if (all.every((one) => one === undefined || one.status.startsWith('UP'))) return true;
    if (Date.now() > until) return false;
    await wait(againMs, context.signal);
  }
}

/** Waits until each of these balancers has a broker to send clients to; not where no node runs at all. */
export async function untilOneServes(context: HostsContext, balancers: readonly Host[]): Promise<void> {
  if (context.view.nodes.size === 0) return;
  const serves = async (balancer: Host) => {
    const servers = await runningServers(transportOf(context, balancer), context.signal);
    return servers.some((one) => one.proxy === proxy && one.status.startsWith('UP'));
  };
  const until = Date.now() + patienceMs;
  while (!(await Promise.all(balancers.map(serves))).every(Boolean)) {
    if (Date.now() > until) return;
    await wait(againMs, context.signal);
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
