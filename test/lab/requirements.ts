import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const programs = [
  'mmdebstrap',
  'systemd-nspawn',
  'dpkg-scanpackages',
  'ip',
  'nsenter',
  'unshare',
  'flock',
  'ssh',
];

/** Why this machine cannot have blank hosts, or undefined when it can. */
export function whyNoLab(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make hosts of namespaces';
  if (!existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get'))
    return 'the hosts are made of Debian packages, and this machine is no Debian';
  const missing = programs.filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not installed`;
  const { status, stderr } = spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', 'true'], {
    encoding: 'utf8',
  });
  if (status !== 0) return `this machine gives no namespaces (${stderr.trim()})`;
  return undefined;
}
