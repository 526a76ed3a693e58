import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

/** What can go wrong with what stands before the brokers. */
export const frontEndErrors = {
  NO_FRONT_END: entry(
    exit.configuration,
    (f: { file: string }) => `${f.file} has no front_end`,
    () => 'name the balancers: front_end: { hosts: [{ name: NAME, address: ADDRESS }] }',
  ),
  ADDRESS_FAMILIES: entry(
    exit.configuration,
    (f: { addresses: readonly string[]; host: string; address: string }) =>
      `${f.addresses.join(', ')} and ${f.host}'s address ${f.address} are not of one family: VRRP announces addresses of its own only`,
    () => "add a virtual address of the hosts' family, or give the hosts addresses of its",
  ),
  NOTHING_TO_RENDER: entry(
    exit.usage,
    (f: { what: string; host: string; known: readonly string[] }) => `${f.host} has no ${f.what}`,
    (f) =>
      f.known.length > 0
        ? `--host ${f.known.join(', --host ')}`
        : 'give the nodes addresses in the cluster file',
  ),
  NOTHING_TO_LINT: entry(
    exit.badData,
    (f: { file: string }) => `${f.file} is neither HAProxy's nor Keepalived's configuration, nor a script`,
    () => 'warren lb lint haproxy.cfg keepalived.conf check-haproxy.sh',
  ),
  FILE_UNREADABLE: entry(
    exit.badData,
    (f: { file: string }) => `${f.file} cannot be read`,
    () => 'name a file that is there and that you may read',
  ),
  CONFIGURATION_REFUSED: entry(
    exit.configuration,
    (f: { host: string; program: string; file: string }) =>
      `${f.program} on ${f.host} does not accept the new ${f.file}; the one that was there stays`,
    () => 'correct what it complains of in the cluster file, then: warren plan',
  ),
  RELOAD_FAILED: entry(
    exit.unavailable,
    (f: { host: string; program: string; restored: boolean }) =>
      `${f.program} on ${f.host} did not take the new configuration${f.restored ? '; the former one is in force again' : ''}`,
    (f) => `journalctl -u ${f.program.toLowerCase()}, on ${f.host}`,
  ),
  ADDRESS_HOLDERS: entry(
    exit.unavailable,
    (f: { address: string; hosts: readonly string[] }) =>
      f.hosts.length === 0
        ? `no balancer took the virtual address ${f.address}`
        : `${f.hosts.join(' and ')} hold the virtual address ${f.address} at the same time`,
    (f) =>
      f.hosts.length === 0
        ? 'journalctl -u keepalived -u haproxy, on the balancers'
        : 'see that VRRP (IP protocol 112) passes between them, and that nobody else uses the VRID',
  ),
  NOTHING_TO_DRILL: entry(
    exit.configuration,
    (f: { file: string }) => `${f.file} has no virtual address that could move between two balancers`,
    () => 'front_end: { hosts: two of them, virtual_addresses: [ADDRESS] }, then: warren lb deploy',
  ),
  ADDRESS_SILENT: entry(
    exit.unavailable,
    (f: { address: string; port: number; from: string }) =>
      `no broker answers on ${f.address}:${f.port}, seen from ${f.from}`,
    () => 'warren lb status',
  ),
  KEEPALIVED_ENDED: entry(
    exit.unavailable,
    (f: { host: string }) => `Keepalived on ${f.host} has ended`,
    (f) => `journalctl -u keepalived, on ${f.host}`,
  ),
  NO_INTERFACE: entry(
    exit.configuration,
    (f: { host: string; address: string }) => `no interface of ${f.host} has its address ${f.address}`,
    () => 'name the one for the virtual address: front_end: { interface: NAME }',
  ),
  CANNOT_WRITE: entry(
    exit.cannotCreate,
    (f: { path: string }) => `${f.path} cannot be written`,
    () => 'name another folder, or one that you may write to',
  ),
};
