import type { ClusterFile } from '../../cluster-file/cluster-file.js';
import { repositoryPaths } from '../../render/repositories.js';
import { tlsPaths } from '../../render/tls-files.js';

/** Every file that an apply writes, where its packages look for it. */
export const paths = {
  hosts: '/etc/hosts',
  /** There while packages are being installed. */
  policy: '/usr/sbin/policy-rc.d',
  limits: '/etc/systemd/system/rabbitmq-server.service.d/limits.conf',
  conf: '/etc/rabbitmq/rabbitmq.conf',
  environment: '/etc/rabbitmq/rabbitmq-env.conf',
  plugins: '/etc/rabbitmq/enabled_plugins',
  secrets: '/etc/warren/secrets.json',
  certificate: tlsPaths.certificate,
  key: tlsPaths.key,
  ca: tlsPaths.ca,
  haproxy: '/etc/haproxy/haproxy.cfg',
  haproxyLimits: '/etc/systemd/system/haproxy.service.d/limits.conf',
  keepalived: '/etc/keepalived/keepalived.conf',
  checkScript: '/etc/keepalived/check-haproxy.sh',
  /** Left before a file is replaced, until its service has taken it in. */
  reloadCertificate: '/run/warren/reload-certificate',
  reloadHaproxy: '/run/warren/reload-haproxy',
  reloadKeepalived: '/run/warren/reload-keepalived',
} as const;

export const cookiePath = '/var/lib/rabbitmq/.erlang.cookie';

export function watchedPaths(file: ClusterFile): readonly string[] {
  return [...Object.values(paths), ...repositoryPaths(file)];
}
