import { type RunningServer, runningServers } from '../drivers/haproxy/runtime.js';
import { addressesOn } from '../drivers/keepalived/addresses.js';
import type { Transport } from '../drivers/transport/transport.js';
import { reportOf, WarrenError } from '../errors/warren-error.js';
import { type HostsContext, hostsWith } from '../phases/hosts/context.js';
import { type HostRunOptions, hostRun } from './host-run.js';
import type { Surroundings } from './surroundings.js';

export interface LbStatusResult {
  readonly cluster: string;
  readonly balancers: readonly BalancerView[];
  /** Each virtual address with those who have it: one, if all is well. */
  readonly addresses: readonly { readonly address: string; readonly holders: readonly string[] }[];
  /** Every balancer answers, every broker is up in its eyes, every address has one holder. */
  readonly ok: boolean;
}

/** One balancer as it is, or why nothing is known of it. */
interface BalancerView {
  readonly host: string;
  readonly problem?: string | undefined;
  readonly haproxy?: ProgramView | undefined;
  readonly keepalived?: ProgramView | undefined;
  readonly servers: readonly RunningServer[];
  readonly holds: readonly string[];
}

interface ProgramView {
  readonly active: string;
  readonly version: string;
}

/** Asks every balancer for its own view, side by side; changes nothing. */
export async function lbStatus(options: HostRunOptions, surroundings: Surroundings): Promise<LbStatusResult> {
  const { file } = options;
  if (!file.front_end) throw WarrenError.of('NO_FRONT_END', { file: file.file });
  const { context, close } = await hostRun(options, surroundings);
  try {
    const balancers = await Promise.all(hostsWith(context, 'balancer').map((host) => viewOf(context, host)));
    const addresses = file.front_end.virtual_addresses.map(({ address }) => ({
      address,
      holders: balancers.filter(({ holds }) => holds.includes(address)).map(({ host }) => host),
    }));
    return { cluster: file.name, balancers, addresses, ok: isWell(balancers, addresses) };
  } finally {
    await close();
  }
}

function isWell(balancers: readonly BalancerView[], addresses: LbStatusResult['addresses']): boolean {
  return (
    balancers.every(
      ({ problem, servers }) => !problem && servers.every(({ status }) => status.startsWith('UP')),
    ) && addresses.every(({ holders }) => holders.length === 1)
  );
}

async function viewOf(context: HostsContext, host: HostsContext['hosts'][number]): Promise<BalancerView> {
  const { signal, file } = context;
  try {
    const transport = await context.open(host);
    const [programs, held] = [await programsOn(transport, signal), await addressesOn(transport, signal)];
    const virtual = file.front_end!.virtual_addresses.map(({ address }) => address);
    const runs = programs.haproxy?.active === 'active';
    return {
      host: host.name,
      ...programs,
      problem: runs ? undefined : 'HAProxy does not run',
      servers: runs ? (await runningServers(transport, signal)).filter(({ proxy }) => proxy === 'amqp') : [],
      holds: virtual.filter((address) => held.includes(address)),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { host: host.name, problem: reportOf(error).message, servers: [], holds: [] };
  }
}

const script = `
for service in haproxy keepalived; do systemctl is-active $service; done
haproxy -v 2>/dev/null | sed -n '1s/.*version \\([0-9.]*\\).*/\\1/p'
keepalived --version 2>&1 | sed -n '1s/.*v\\([0-9.]*\\).*/\\1/p'
`;

async function programsOn(transport: Transport, signal: AbortSignal) {
  const { stdout } = await transport.run('sh', ['-s'], { input: script, readOnly: true, signal });
  const [haproxy = '', keepalived = '', haproxyVersion = '', keepalivedVersion = ''] = stdout
    .trim()
    .split('\n');
  return {
    haproxy: { active: haproxy, version: haproxyVersion },
    keepalived: { active: keepalived, version: keepalivedVersion },
  };
}
