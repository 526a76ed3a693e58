import type { Phase } from '../phase.js';
import { untilOneServes } from './balancer-servers.js';
import { type HostsContext, hostsWith } from './context.js';
import { waitForHolders } from './virtual-address.js';

/**
 * The balancers may have been up before the brokers were: until the checks of
 * HAProxy have found one, there is nobody to send a client to, and an address
 * that is to be let go then has no holder.
 */
export const holdAddresses: Phase<HostsContext> = {
  title: 'Wait until the virtual addresses are held',
  shouldRun: ({ file }) => (file.front_end?.virtual_addresses.length ?? 0) > 0,
  async run(context, door) {
    const balancers = hostsWith(context, 'balancer').filter(({ name }) => !context.failures.has(name));
    if (door.shut || balancers.length === 0) return;
    await Promise.all([untilOneServes(context, balancers), waitForHolders(context)]);
  },
};
