import { isIP } from 'node:net';
import type { ClusterFile } from '../cluster-file/cluster-file.js';
import type { FrontEnd, FrontEndHost } from '../cluster-file/front-end.js';
import type { SecretText } from '../cluster-file/secret.js';
import { brokerPorts, serversOf } from './brokers.js';
import { sha256Crypt } from './sha256-crypt.js';
import { template } from './template.js';

const haproxySocket = '/run/haproxy/admin.sock';
const statsPath = '/rabbitmq-stats';

export interface HaproxyInput {
  readonly host: FrontEndHost;
  /** What runs on the brokers, where it is known better than the cluster file says. */
  readonly rabbitmqVersion?: string | undefined;
  readonly checkPassword: SecretText;
  readonly statsPassword: SecretText;
}

/**
 * Where Keepalived's check finds HAProxy on the loopback address. It hardly ever
 * changes: while the script and HAProxy differ, the address would move.
 */
export function healthPort({ haproxy }: FrontEnd): number {
  const { stats_port, amqp_port, amqps_port, management_port, management_tls_port } = haproxy;
  const taken = [stats_port, amqp_port, amqps_port, management_port, management_tls_port];
  return [8101, 8102, 8103, 8104, 8105].find((port) => !taken.includes(port))!;
}

/** Writes haproxy.cfg, for as many balancers as it is asked to. */
export async function haproxyConf(
  file: ClusterFile,
  frontEnd: FrontEnd,
): Promise<(input: HaproxyInput) => Promise<string>> {
  const fill = await template('haproxy.cfg');
  const { haproxy } = frontEnd;
  const servers = serversOf(file).map((server) => ({ ...server, address: bracketed(server.address) }));
  const named = servers.some(({ address }) => !address.startsWith('[') && isIP(address) === 0);
  return ({ host, rabbitmqVersion, checkPassword, statsPassword }) =>
    fill({
      host,
      cluster: file.name,
      socket: haproxySocket,
      maxconn: haproxy.maxconn,
      timeouts: haproxy.timeouts,
      balance: haproxy.balance,
      tls: haproxy.tls,
      managementTls: haproxy.tls === 'passthrough' && (file.rabbitmq.tls?.management ?? false),
      servers,
      // A name that does not resolve now must not keep HAProxy from starting.
      initAddr: named ? ' init-addr last,libc,none' : '',
      brokerPorts: brokerPorts(file),
      binds: bindsOf(frontEnd, host),
      check: checkOf(file, frontEnd, rabbitmqVersion, checkPassword),
      stats: {
        user: haproxy.stats_user,
        // The salt is no secret, and must not tell anything about the password.
        hash: sha256Crypt(statsPassword.reveal(), saltOf(file.name, host.name)),
        uri: statsPath,
      },
      healthPort: healthPort(frontEnd),
      release: frontEnd.without_brokers === 'release',
    });
}

/** The host's own address, and the virtual ones whether or not the host has them at the moment. */
function bindsOf({ haproxy, virtual_addresses }: FrontEnd, host: FrontEndHost) {
  const own = (port: number) => `${bracketed(host.address)}:${port}`;
  const all = (port: number) => [
    own(port),
    ...virtual_addresses.map(({ address }) => `${bracketed(address)}:${port} transparent`),
  ];
  return {
    amqp: all(haproxy.amqp_port),
    amqps: all(haproxy.amqps_port),
    management: all(haproxy.management_port),
    managementTls: all(haproxy.management_tls_port),
    stats: [own(haproxy.stats_port)],
  };
}

/** From 4.1 on there is a check that covers a drained node and needs no credentials. */
function checkOf(
  file: ClusterFile,
  { haproxy }: FrontEnd,
  version: string | undefined,
  password: SecretText,
) {
  const [major = 0, minor = 0] = (version ?? file.rabbitmq.version ?? '').split('.').map(Number);
  if (major > 4 || (major === 4 && minor >= 1)) {
    return { user: haproxy.check_user, uri: '/api/health/checks/ready-to-serve-clients', authorization: '' };
  }
  return {
    user: haproxy.check_user,
    uri: `/api/health/checks/port-listener/${brokerPorts(file).amqp}`,
    authorization: Buffer.from(`${haproxy.check_user}:${password.reveal()}`).toString('base64'),
  };
}

function saltOf(...words: readonly string[]): string {
  return words
    .join('.')
    .replace(/[^A-Za-z0-9.]/g, '')
    .slice(0, 16)
    .padEnd(8, '.');
}

function bracketed(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address;
}
