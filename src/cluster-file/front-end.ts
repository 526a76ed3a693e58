import type { SshSettings } from './cluster-file.js';
import type { Secret } from './secret.js';

/** Warren's own user on the cluster, unless the file names another. */
export const checkUser = 'warren-check';

/** HAProxy and Keepalived before the brokers. */
export interface FrontEnd {
  readonly hosts: readonly FrontEndHost[];
  /** None for a single balancer, one, or two for active/active. */
  readonly virtual_addresses: readonly VirtualAddress[];
  readonly vrid: number;
  /** VRRP's version 3, which is faster, has none. */
  readonly auth_pass?: Secret | undefined;
  readonly mode: 'active/passive' | 'active/active';
  /** Whether a balancer that sees no broker keeps the virtual address. */
  readonly without_brokers: 'keep' | 'release';
  readonly haproxy: HaproxySettings;
}

export interface FrontEndHost {
  readonly name: string;
  readonly address: string;
  readonly ssh: SshSettings;
  /** That carries the virtual addresses; to be found from the host's address when absent. */
  readonly interface?: string | undefined;
}

export interface VirtualAddress {
  readonly address: string;
  readonly prefix?: number | undefined;
}

interface HaproxySettings {
  readonly amqp_port: number;
  readonly amqps_port: number;
  readonly management_port: number;
  readonly management_tls_port: number;
  readonly stats_port: number;
  readonly stats_user: string;
  readonly stats_password: Secret;
  /** Made on the cluster for the health check of HAProxy. */
  readonly check_user: string;
  readonly check_password: Secret;
  readonly balance: string;
  readonly maxconn: number;
  readonly timeouts: {
    readonly connect: string;
    readonly client: string;
    readonly server: string;
    readonly check: string;
  };
  readonly tls: 'none' | 'passthrough';
}
