import type { Host } from '../../cluster-file/hosts.js';
import type { HostFacts } from '../../drivers/host-facts/facts.js';
import { addressesOn } from '../../drivers/keepalived/addresses.js';
import { WarrenError } from '../../errors/warren-error.js';
import { wait } from '../wait.js';
import { type HostsContext, hostsWith, transportOf } from './context.js';

const patienceMs = 20_000;
const pauseMs = 300;

/** The interface of a host that carries this address. */
export function interfaceFor({ addresses }: HostFacts, address: string): string | undefined {
  return addresses.find((one) => one.address === address)?.interface;
}

/** Who has each virtual address now: one balancer, if all is well. */
export async function holders(context: HostsContext): Promise<Map<string, string[]>> {
  const balancers = hostsWith(context, 'balancer').filter(({ name }) => context.transports.has(name));
  const held = await Promise.all(balancers.map((host) => heldBy(context, host)));
  const virtual = context.file.front_end?.virtual_addresses ?? [];
  return new Map(
    virtual.map(({ address }) => [
      address,
      balancers.filter((_, index) => held[index]!.has(address)).map(({ name }) => name),
    ]),
  );
}

/** Until every virtual address has one holder: checks must have succeeded, and an election been held. */
export async function waitForHolders(context: HostsContext): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const now = await holders(context);
    const wrong = [...now].find(([, hosts]) => hosts.length !== 1);
    if (!wrong) return;
    if (performance.now() > until) {
      const [address, hosts] = wrong;
      throw WarrenError.of('ADDRESS_HOLDERS', { address, hosts });
    }
    await wait(pauseMs, context.signal);
  }
}

async function heldBy(context: HostsContext, host: Host): Promise<Set<string>> {
  return new Set(await addressesOn(transportOf(context, host), context.signal));
}
