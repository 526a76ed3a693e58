import type { HostFacts } from '../../drivers/host-facts/facts.js';

/** The interface of a host that carries this address. */
export function interfaceFor({ addresses }: HostFacts, address: string): string | undefined {
  return addresses.find((one) => one.address === address)?.interface;
}
