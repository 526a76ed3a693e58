import { randomUUID } from 'node:crypto';
import { quorumSize, replicationOf } from '../../cluster-file/replication.js';
import type { DurableQueue } from '../../drivers/amqp/round-trip.js';
import { segment } from '../../drivers/management-api/client.js';
import type { ApiQueue } from '../../drivers/management-api/types.js';
import { WarrenError } from '../../errors/warren-error.js';
import { wait } from '../wait.js';
import { apiOf } from './api.js';
import { brokersOf, type HostsContext, versionOf } from './context.js';
import { memberThatRuns } from './queues-on.js';

/** What a profile promises of a queue: of which type it is, and how many copies there are. */
export interface Promised {
  readonly kind: 'quorum' | 'mirrored';
  readonly copies: number;
}

/** Nothing where the profile promises nothing of a vhost's queues. */
export function promisedOf(context: HostsContext, vhost: string): Promised | undefined {
  const version = versionOf(context);
  const nodes = brokersOf(context).length;
  if (version === undefined || nodes < 2 || !context.file.profile) return undefined;
  const { queueType, policies } = replicationOf(context.file, version);
  if (queueType?.vhosts.includes(vhost)) {
    return { kind: 'quorum', copies: Math.min(quorumSize(context.file), nodes) };
  }
  const mirrors = policies.find((policy) => policy.vhost === vhost && 'ha-mode' in policy.definition);
  if (!mirrors) return undefined;
  return { kind: 'mirrored', copies: Number(mirrors.definition['ha-params'] ?? nodes) };
}

const pauseMs = 100;
/** Copies that are being made on a busy host take their time. */
const copiesMs = 45_000;

/**
 * A queue to prove the promise by: it must have its copies, all of them up to
 * date, while a message is in it. Should nobody come to delete it, it goes by itself.
 */
export function replicatedQueue(
  context: HostsContext,
  vhost: string,
  { kind, copies }: Promised,
  patienceMs = copiesMs,
): DurableQueue | undefined {
  const member = memberThatRuns(context);
  const { login } = context.view;
  if (!member || !login) return undefined;
  const queue = `${queuePrefix}${randomUUID().slice(0, 8)}`;
  const look = async () => {
    const api = apiOf(context, member, login);
    const path = `/queues/${segment(vhost)}/${segment(queue)}`;
    const until = performance.now() + patienceMs;
    try {
      for (;;) {
        const there = copiesOf(await api.get<ApiQueue>(path, context.patienceMs));
        if (there.length >= copies) return;
        if (performance.now() > until) {
          throw WarrenError.of('NOT_REPLICATED', { kind, vhost, copies, nodes: there });
        }
        await wait(pauseMs, context.signal);
      }
    } finally {
      api.close();
    }
  };
  const type = kind === 'quorum' ? { 'x-queue-type': 'quorum' } : { 'x-queue-type': 'classic' };
  return { queue, arguments: { ...type, 'x-expires': 60_000 }, look };
}

export const queuePrefix = 'warren.verify.';

/** The nodes that have the queue whole. */
function copiesOf(queue: ApiQueue): readonly string[] {
  const leader = queue.leader ?? queue.node;
  const others = queue.online ?? queue.synchronised_slave_nodes ?? [];
  return [...new Set([...(leader ? [leader] : []), ...others])];
}
