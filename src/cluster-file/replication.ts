import { WarrenError } from '../errors/warren-error.js';
import type { ClusterFile } from './cluster-file.js';
import { federation } from './federation.js';
import type { FilePolicy } from './objects.js';
import type { MirroredProfile, Profile, Upstream } from './profile.js';
import { atLeast } from './version.js';

/** What a profile comes to on a certain version of RabbitMQ. */
export interface Replication {
  readonly policies: readonly FilePolicy[];
  /** Federation upstreams, each for a vhost; their URIs are made where the password is known. */
  readonly upstreams: readonly { readonly vhost: string; readonly upstream: Upstream }[];
  /** What a queue declared without a type is to be, in which vhosts. */
  readonly queueType?: { readonly type: 'quorum'; readonly vhosts: readonly string[] };
  /** What the operator should know of how far this goes. */
  readonly notes: readonly string[];
}

const nothing: Replication = { policies: [], upstreams: [], notes: [] };

/**
 * The profile of a file, turned into what the version at hand has. Classic
 * queue mirroring went with 4.0, quorum queues came with 3.8: what a version
 * lacks is refused here, before anything is touched.
 */
export function replicationOf(file: ClusterFile, version: string): Replication {
  const { profile } = file;
  const vhosts = profile?.vhosts ?? everyVhost(file);
  switch (profile?.name) {
    case undefined:
      return nothing;
    case 'mirrored':
      return mirrored(file, version, vhosts, profile);
    case 'quorum':
      return quorum(file, version, vhosts);
    case 'standby':
      return data(file, version, vhosts, profile.data);
    case 'federated': {
      const within = data(file, version, vhosts, profile.data);
      return merged(within, federation(profile, vhosts, within.policies));
    }
  }
}

/** The node that alone takes clients while it lives; the others stand by. */
export function activeNodeOf(file: ClusterFile): string | undefined {
  return file.profile?.name === 'standby' ? (file.profile.active ?? file.nodes?.[0]?.name) : undefined;
}

/**
 * What nodes do that no longer see each other. With three or more, the
 * minority waits; with two there is none, so one side gives way afterwards.
 * Khepri, the only store from 4.3 on, needs no such setting.
 */
export function partitionHandling(
  file: ClusterFile,
  version: string,
): 'pause_minority' | 'autoheal' | undefined {
  const nodes = file.nodes?.length ?? 1;
  if (nodes === 1 || atLeast(version, '4.3')) return undefined;
  return nodes > 2 ? 'pause_minority' : 'autoheal';
}

/** How many members RabbitMQ gives a quorum queue that does not ask for a number itself. */
export function quorumSize({ profile }: ClusterFile): number {
  return (profile?.name === 'quorum' ? profile.replicas : undefined) ?? usualQuorumSize;
}

export const usualQuorumSize = 3;

/** Policies and queue types differ between the profiles; the rest adds up. */
function merged(...parts: readonly Replication[]): Replication {
  const queueType = parts.find((part) => part.queueType)?.queueType;
  return {
    policies: parts.flatMap((part) => part.policies),
    upstreams: parts.flatMap((part) => part.upstreams),
    ...(queueType ? { queueType } : {}),
    notes: parts.flatMap((part) => part.notes),
  };
}

function data(
  file: ClusterFile,
  version: string,
  vhosts: readonly string[],
  wanted: 'mirrored' | 'quorum' | undefined,
): Replication {
  const kind = wanted ?? (atLeast(version, '4.0') ? 'quorum' : 'mirrored');
  if (kind === 'quorum') return quorum(file, version, vhosts);
  return mirrored(file, version, vhosts, { name: 'mirrored', pattern: mirroredPattern });
}

/** Every queue but the broker's own: `^` would take amq.* as well. */
const mirroredPattern = '^(?!amq\\.)';

function mirrored(
  file: ClusterFile,
  version: string,
  vhosts: readonly string[],
  profile: MirroredProfile,
): Replication {
  if (atLeast(version, '4.0')) {
    throw impossible(file, profile, `RabbitMQ ${version} has no mirrored classic queues: 4.0 removed them`, {
      next: 'write profile: quorum, or name a version up to 3.13',
    });
  }
  const nodes = file.nodes?.length ?? 1;
  if (nodes === 1) return { ...nothing, notes: ['one node has nowhere to mirror its queues to'] };
  const count = Math.min(profile.replicas ?? Math.floor(nodes / 2) + 1, nodes);
  // Defaults (manual, always) would promote a mirror that holds nothing, and lose every message.
  const definition = {
    'ha-mode': 'exactly',
    'ha-params': count,
    'ha-sync-mode': 'automatic',
    'ha-promote-on-failure': 'when-synced',
  };
  const deprecated = atLeast(version, '3.9')
    ? ['mirrored classic queues are gone in RabbitMQ 4.0; profile: quorum is what replaces them']
    : [];
  return {
    ...nothing,
    policies: vhosts.map((vhost) => ({
      // Without the count: a cluster that grows must not be left with two that match the same queues.
      name: 'ha-exactly',
      vhost,
      pattern: profile.pattern,
      'apply-to': 'queues',
      priority: 0,
      definition,
    })),
    notes: deprecated,
  };
}

/** The version in which vhosts learned of a default queue type; before the other one they keep that of their making. */
const queueTypeSince = '3.10.7';
export const queueTypeChangeableSince = '3.11.14';

function quorum(file: ClusterFile, version: string, vhosts: readonly string[]): Replication {
  if (!atLeast(version, '3.8')) {
    throw impossible(file, file.profile!, `RabbitMQ ${version} has no quorum queues: they came with 3.8`, {
      next: 'name a version from 3.8 on, or write profile: mirrored',
    });
  }
  if (!atLeast(version, queueTypeSince)) {
    const note = `RabbitMQ ${version} has no default queue type: clients must declare with x-queue-type: quorum`;
    return { ...nothing, notes: [note] };
  }
  const note =
    'vhost / keeps classic as its default type on this version: declare there with x-queue-type: quorum, or use another vhost';
  return {
    ...nothing,
    queueType: { type: 'quorum', vhosts },
    notes: vhosts.includes('/') && !atLeast(version, queueTypeChangeableSince) ? [note] : [],
  };
}

function everyVhost(file: ClusterFile): string[] {
  return [...new Set(['/', ...file.vhosts.map(({ name }) => name)])];
}

function impossible(
  file: ClusterFile,
  profile: Profile,
  why: string,
  { next }: { next: string },
): WarrenError {
  return WarrenError.of('PROFILE_IMPOSSIBLE', { profile: profile.name, next }, { where: file.file, why });
}
