import { isIP } from 'node:net';
import type { ClusterFile } from '../cluster-file/cluster-file.js';
import type { FrontEnd, FrontEndHost, VirtualAddress } from '../cluster-file/front-end.js';
import type { SecretText } from '../cluster-file/secret.js';
import { WarrenError } from '../errors/warren-error.js';
import { template } from './template.js';

export const checkScriptPath = '/etc/keepalived/check-haproxy.sh';

export interface KeepalivedInput {
  readonly host: FrontEndHost;
  /** That carries the virtual addresses on this host. */
  readonly interface: string;
  readonly authPass?: SecretText | undefined;
}

interface Instance {
  readonly name: string;
  readonly vrid: number;
  readonly priority: number;
  readonly addresses: readonly string[];
  readonly excluded: readonly string[];
}

/** High priorities make the wait short that VRRP adds for low ones: (256 - priority) / 256 of an interval. */
const highest = 200;
const step = 10;

/** Writes keepalived.conf, for as many balancers as it is asked to. */
export async function keepalivedConf(
  file: ClusterFile,
  frontEnd: FrontEnd,
): Promise<(input: KeepalivedInput) => Promise<string>> {
  const fill = await template('keepalived.conf');
  const { hosts, mode } = frontEnd;
  return ({ host, interface: card, authPass }) =>
    fill({
      host,
      cluster: file.name,
      interface: card,
      checkScript: checkScriptPath,
      // Version 2, the one with passwords, knows whole seconds only.
      advertInt: authPass ? 1 : 0.5,
      authPass: authPass?.reveal() ?? '',
      nopreempt: mode === 'active/passive',
      peers: hosts.filter(({ name }) => name !== host.name).map(({ address }) => address),
      instances: instancesOf(frontEnd, host),
    });
}

/** One instance for all addresses, or in active/active one for each, with another balancer first. */
function instancesOf(frontEnd: FrontEnd, host: FrontEndHost): Instance[] {
  const { virtual_addresses: addresses, hosts, mode, vrid } = frontEnd;
  const groups = mode === 'active/active' ? addresses.map((one) => [one]) : [addresses];
  const family = isIP(host.address);
  const place = hosts.findIndex(({ name }) => name === host.name);
  return groups.map((group, index) => {
    const same = group.filter(({ address }) => isIP(address) === family);
    const others = group.filter(({ address }) => isIP(address) !== family);
    if (same.length === 0) throw foreign(others, host);
    return {
      name: groups.length === 1 ? 'amqp' : `amqp-${index + 1}`,
      vrid: vrid + index,
      priority: highest - step * ((place - index + hosts.length) % hosts.length),
      // An advertisement holds addresses of one family: the others come along unannounced.
      addresses: same.map(written),
      excluded: others.map(written),
    };
  });
}

function foreign(addresses: readonly VirtualAddress[], { name, address }: FrontEndHost): WarrenError {
  return WarrenError.of('ADDRESS_FAMILIES', {
    addresses: addresses.map((one) => one.address),
    host: name,
    address,
  });
}

function written({ address, prefix }: VirtualAddress): string {
  return prefix === undefined ? address : `${address}/${prefix}`;
}
