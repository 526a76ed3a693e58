import type { Secret } from './secret.js';

/** How messages outlive a node, as the file says it; what it means depends on the version at hand. */
export type Profile = StandbyProfile | MirroredProfile | QuorumProfile | FederatedProfile;

type Data = 'mirrored' | 'quorum' | undefined;

interface StandbyProfile {
  readonly name: 'standby';
  readonly data?: Data;
  /** The node that is used first. */
  readonly active?: string | undefined;
  readonly vhosts?: readonly string[] | undefined;
}

export interface MirroredProfile {
  readonly name: 'mirrored';
  readonly replicas?: number | undefined;
  readonly pattern: string;
  readonly vhosts?: readonly string[] | undefined;
}

interface QuorumProfile {
  readonly name: 'quorum';
  readonly replicas?: number | undefined;
  readonly vhosts?: readonly string[] | undefined;
}

export interface FederatedProfile {
  readonly name: 'federated';
  readonly upstreams: readonly Upstream[];
  readonly exchanges: string;
  readonly queues?: string | undefined;
  readonly data?: Data;
  readonly vhosts?: readonly string[] | undefined;
}

export interface Upstream {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port?: number | undefined;
  readonly tls: boolean;
  readonly user: string;
  readonly password: Secret;
  readonly vhost: string;
  readonly 'prefetch-count': number;
  readonly 'reconnect-delay': number;
  readonly 'ack-mode': string;
  readonly expires?: number | undefined;
  readonly 'message-ttl'?: number | undefined;
  readonly 'max-hops': number;
}
