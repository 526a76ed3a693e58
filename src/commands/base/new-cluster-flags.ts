import * as Flags from '@oclif/core/flags';
import { parseHostWord } from '../../cluster-file/host-word.js';
import type { NewCluster } from '../../cluster-file/new-cluster.js';
import { parseUpstreamWord } from '../../cluster-file/upstream-word.js';

export const newClusterFlags = {
  profile: Flags.option({
    description: 'how messages outlive a node (default: quorum)',
    options: ['quorum', 'mirrored', 'standby', 'federated'] as const,
  })(),
  upstream: Flags.string({
    description: 'another cluster, whose messages come here too (profile federated)',
    helpValue: 'NAME=ADDRESS',
    multiple: true,
    multipleNonGreedy: true,
  }),
  balancer: Flags.string({
    description: 'a host for HAProxy and Keepalived',
    helpValue: 'user@address',
    multiple: true,
    multipleNonGreedy: true,
  }),
  vip: Flags.string({
    description: 'the virtual address; two make an active/active front end',
    helpValue: 'ADDRESS',
    multiple: true,
    multipleNonGreedy: true,
  }),
  name: Flags.string({ description: 'name of the cluster (default: rabbit)' }),
  file: Flags.string({
    char: 'f',
    description: 'the file to write',
    helpValue: 'warren.yaml',
    default: 'warren.yaml',
  }),
};

interface Given {
  readonly upstream?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly profile?: NewCluster['profile'] | undefined;
  readonly balancer?: readonly string[] | undefined;
  readonly vip?: readonly string[] | undefined;
}

/** What was typed, with what it leaves open. */
export function wish(
  hosts: NewCluster['hosts'],
  { name, profile, balancer, vip, upstream }: Given,
): NewCluster {
  return {
    name: name ?? 'rabbit',
    hosts,
    balancers: (balancer ?? []).map(parseHostWord),
    virtualAddresses: vip ?? [],
    profile: profile ?? (upstream ? 'federated' : 'quorum'),
    upstreams: (upstream ?? []).map(parseUpstreamWord),
  };
}
