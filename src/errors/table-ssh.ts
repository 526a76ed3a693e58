import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

/** What can go wrong between this machine and a host. */
export const sshErrors = {
  HOST_UNREACHABLE: entry(
    exit.unavailable,
    (f: { host: string; address: string; reason: string }) =>
      `no SSH connection to ${f.host} (${f.address}): ${f.reason}`,
    (f) => `ssh ${f.address.replace(/^(.*):(\d+)$/, '-p $2 $1')}, to see the same without warren`,
  ),
  HOST_REFUSED_LOGIN: entry(
    exit.notPermitted,
    (f: { host: string; user: string; address: string; tried: readonly string[] }) =>
      `${f.host} (${f.address}) lets ${f.user} not in (tried: ${f.tried.join(', ') || 'nothing, as there is no key and no password'})`,
    () => 'name a key, an agent or a password for this host under ssh: in the cluster file',
  ),
  HOST_CONNECTION_LOST: entry(
    exit.unavailable,
    (f: { host: string; doing: string; reason: string }) =>
      `the connection to ${f.host} broke during '${f.doing}': ${f.reason}; whether it ran to its end is not known`,
    () => 'type the same again: what is done already is seen, and not done twice',
  ),
  HOST_COMMAND_NOT_RUN: entry(
    exit.unavailable,
    (f: { host: string; doing: string; reason: string }) => `${f.host} did not run '${f.doing}': ${f.reason}`,
    () => 'see that its sshd allows commands for this user, and that its login shell works',
  ),
  HOST_FILE_FAILED: entry(
    exit.cannotCreate,
    (f: { host: string; doing: string; path: string; reason: string }) =>
      `${f.doing} ${f.path} on ${f.host} failed: ${f.reason}`,
    () => 'see to that folder, its rights and its space on that host, then type the same again',
  ),
} as const;
