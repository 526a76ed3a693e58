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
  CANNOT_WRITE: entry(
    exit.cannotCreate,
    (f: { path: string }) => `${f.path} cannot be written`,
    () => 'name another folder, or one that you may write to',
  ),
};
