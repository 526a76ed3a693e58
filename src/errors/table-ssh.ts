import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

interface KeyFacts {
  host: string;
  address: string;
  type: string;
  fingerprint: string;
  file: string;
}

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
      `${f.host} (${f.address}) does not let ${f.user} in (tried: ${f.tried.join(', ') || 'nothing, as there is no key and no password'})`,
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
  HOST_SUDO_REFUSED: entry(
    exit.notPermitted,
    (f: { host: string; user: string; reason: string }) =>
      `sudo on ${f.host} does not make ${f.user} root: ${f.reason}`,
    (f) =>
      `give sudo_password under ssh: in the cluster file, or allow it on that host: ${f.user} ALL=(root) NOPASSWD: ALL`,
  ),
  HOST_SUDO_PASSWORD: entry(
    exit.notPermitted,
    (f: { host: string; user: string }) => `sudo on ${f.host} does not take the password given for ${f.user}`,
    () => 'correct what sudo_password under ssh: in the cluster file refers to',
  ),
  HOST_KEY_UNKNOWN: entry(
    exit.notPermitted,
    (f: KeyFacts) =>
      `${f.host} (${f.address}) is not known: its key ${f.type} ${f.fingerprint} is not in ${f.file}`,
    () =>
      'compare it with what ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub says on that host, then type the same again with --accept-new',
  ),
  HOST_KEY_CHANGED: entry(
    exit.notPermitted,
    (f: KeyFacts & { line: number; name: string }) =>
      `${f.host} (${f.address}) shows another key than it did: ${f.type} ${f.fingerprint} is not the one at ${f.file}:${f.line}; it was set up anew, or somebody else answers in its place`,
    (f) =>
      `only if it was set up anew: ssh-keygen -R '${f.name}' -f ${f.file}, then type the same again with --accept-new`,
  ),
  HOST_KEY_REVOKED: entry(
    exit.notPermitted,
    (f: KeyFacts & { line: number }) =>
      `${f.host} (${f.address}) shows a key that is revoked: ${f.type} ${f.fingerprint}, at ${f.file}:${f.line}`,
    () => 'give that host a new key (ssh-keygen -A on it), as somebody else may have this one',
  ),
  KNOWN_HOSTS_UNUSABLE: entry(
    exit.cannotCreate,
    (f: { file: string; reason: string }) => `the known hosts in ${f.file} cannot be used: ${f.reason}`,
    () =>
      'see to the rights of that file, or name another one with known_hosts: under ssh: in the cluster file',
  ),
  SSH_KEY_UNUSABLE: entry(
    exit.configuration,
    (f: { file: string; reason: string }) => `the key ${f.file} cannot be used: ${f.reason}`,
    () => 'name another one with key: under ssh: in the cluster file, or its passphrase with passphrase:',
  ),
  HOST_FILE_FAILED: entry(
    exit.cannotCreate,
    (f: { host: string; doing: string; path: string; reason: string }) =>
      `${f.doing} ${f.path} on ${f.host} failed: ${f.reason}`,
    () => 'see to that folder, its rights and its space on that host, then type the same again',
  ),
} as const;
